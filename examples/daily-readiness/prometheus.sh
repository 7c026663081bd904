#!/bin/sh
# Runs the daily check, and leaves its result in the folder that node_exporter's textfile collector reads.
set -eu
result=0
sh job.sh || result=$?
cat > "$1/sdrs.prom.new" <<EOF
# HELP sdrs_readiness_result 0: every group could be switched, 2: one could not, 1: that can't be told.
# TYPE sdrs_readiness_result gauge
sdrs_readiness_result $result
# HELP sdrs_readiness_end_seconds When the check ended.
# TYPE sdrs_readiness_end_seconds gauge
sdrs_readiness_end_seconds $(date +%s)
EOF
mv "$1/sdrs.prom.new" "$1/sdrs.prom"
