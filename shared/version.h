/* version.h - the version that --version tells. */
#ifndef VERSION_H
#define VERSION_H

#define PORTOLAN_VERSION "0.1.0"

#endif
