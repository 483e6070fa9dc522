# Read by the bash that runs a machine's user data: a command that ends the script is named with its line on the console.
# shellcheck shell=bash
unset BASH_ENV
trap 'echo "$0: line $LINENO: ended with $?: $BASH_COMMAND" >&2' ERR
