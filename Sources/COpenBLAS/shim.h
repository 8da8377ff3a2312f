#include <cblas.h>
// Declared here because Debian's cblas.h carries it only in some builds.
char *openblas_get_corename(void);
