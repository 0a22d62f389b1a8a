#include "sockets.h"

const char *tcp_state_name(enum tcp_state state)
{
    switch (state) {
    case TCP_STATE_UNKNOWN: return "-";
    case TCP_STATE_LISTEN: return "LISTEN";
    case TCP_STATE_SYN_SENT: return "SYN-SENT";
    case TCP_STATE_SYN_RECEIVED: return "SYN-RECEIVED";
    case TCP_STATE_ESTABLISHED: return "ESTABLISHED";
    case TCP_STATE_FIN_WAIT_1: return "FIN-WAIT-1";
    case TCP_STATE_FIN_WAIT_2: return "FIN-WAIT-2";
    case TCP_STATE_CLOSE_WAIT: return "CLOSE-WAIT";
    case TCP_STATE_CLOSING: return "CLOSING";
    case TCP_STATE_LAST_ACK: return "LAST-ACK";
    case TCP_STATE_TIME_WAIT: return "TIME-WAIT";
    case TCP_STATE_CLOSED: return "CLOSED";
    }
    return "-"; /* a number that is no state */
}
