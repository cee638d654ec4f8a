#!/bin/sh
# The first start of a machine. infra/terraform/modules/user-data puts the settings and the files of this folder in front of it:
#   WMS_NAME='value' lines, and one function wms_file_N for each file, which prints it.
# Its first act is to arm the power-off, before anything is downloaded; no error after that disarms it.
set -u
root=${WMS_ROOT:-} # tests only
run=$root/run/wms
etc=$root/etc/wms
units=$root/etc/systemd/system
programs=$root/usr/local/bin
rules=$root/usr/local/lib/wms
log() { echo "user-data: $*"; }

# Needs no file, no network and no credentials: whatever fails below, the machine is off in an hour, now and after each later start.
arm_limit() {
    shutdown -P +60 "WaterMeters: the keeper is not installed yet"
    mkdir -p "$root/var/lib/cloud/scripts/per-boot"
    cat > "$root/var/lib/cloud/scripts/per-boot/wms-limit" << 'END'
#!/bin/sh
systemctl is-active --quiet wms-keeper.timer || shutdown -P +60 "WaterMeters: the keeper is not installed"
END
    chmod 755 "$root/var/lib/cloud/scripts/per-boot/wms-limit"
}

arm_keeper() {
    mkdir -p "$run" "$etc/save.d" "$units" "$programs" "$rules" || return 1
    {
        echo "WMS_BUCKET=$WMS_BUCKET"
        echo "WMS_MACHINE=$WMS_MACHINE"
        echo "WMS_REGION=$WMS_REGION"
        echo "WMS_SCHEDULE_GROUP=${WMS_SCHEDULE_GROUP:-}"
        echo "WMS_SCHEDULER_ROLE=${WMS_SCHEDULER_ROLE:-}"
    } > "$etc/machine.env" || return 1
    wms_file_rules > "$rules/lease.awk" || return 1
    wms_file_keeper > "$programs/wms-keeper" || return 1
    wms_file_job > "$programs/wms-job" || return 1
    chmod 755 "$programs/wms-keeper" "$programs/wms-job" || return 1
    printf '#!/bin/sh\nexec /usr/local/bin/wms-job stop-all\n' > "$etc/save.d/10-jobs" || return 1
    chmod 755 "$etc/save.d/10-jobs" || return 1
    wms_file_keeper_service > "$units/wms-keeper.service" || return 1
    wms_file_keeper_timer > "$units/wms-keeper.timer" || return 1
    wms_file_limit_service > "$units/wms-limit.service" || return 1
    wms_file_limit_timer > "$units/wms-limit.timer" || return 1
    systemctl daemon-reload || return 1
    systemctl enable --now wms-keeper.timer wms-limit.timer || return 1
    # The limit of an hour is taken back only for a keeper that has made a pass.
    systemctl start wms-keeper.service && [ -e "$run/keeper/pass" ] && systemctl is-active --quiet wms-keeper.timer
}

arm_limit
mkdir -p "$run"
: > "$run/setup" # from here on the setup counts as work, for 45 minutes at most
if arm_keeper; then
    shutdown -c
    log "the keeper is armed"
else
    log "the keeper cannot be installed: this machine powers off in an hour"
fi

# In a process of its own: an error in it must not keep the rest of this script from running.
wms_file_setup > "$rules/setup" && WMS_SIZE=$WMS_SIZE WMS_DATA_VOLUME=$WMS_DATA_VOLUME WMS_REGION=$WMS_REGION WMS_BUCKET=$WMS_BUCKET \
    WMS_MLFLOW_BUCKET=$WMS_MLFLOW_BUCKET WMS_VERSIONS=$WMS_VERSIONS timeout 2400 sh "$rules/setup"
log "the setup ended with $?"
: > "$run/setup-done"
rm -f "$run/setup"
