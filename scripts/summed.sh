#!/usr/bin/env bash
# Runs a cargo test command and ends with one line for all of its test binaries.
set -uo pipefail
"$@" 2>&1 | awk '
    { print; fflush() }
    /^test result:/ { passed += $4; failed += $6; ignored += $8 }
    /^test .* \.\.\. FAILED$/ { names = names "\n  " $2 }
    END { printf "\nAll tests: %d passed, %d failed, %d ignored%s\n", passed, failed, ignored, names }'
exit "${PIPESTATUS[0]}"
