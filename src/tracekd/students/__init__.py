import logging

# It says on import which kernels would be quicker on a CPU: nobody who reads standard error can act on that.
logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
