import logging

# On import, it prints which kernels would be faster on a CPU; readers of standard error cannot use this.
logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
