# Puts the settings and the files of infra/machine in front of user-data.sh, so that the machine needs no download to arm its power-off.
# It has no provider: `terraform plan` in this folder shows the script without an account.
locals {
  folder = "${path.module}/../../../machine"

  settings = {
    WMS_SIZE           = var.size
    WMS_MACHINE        = var.machine
    WMS_REGION         = var.region
    WMS_BUCKET         = var.bucket
    WMS_MLFLOW_BUCKET  = var.mlflow_bucket
    WMS_DATA_VOLUME    = var.data_volume_id
    WMS_SCHEDULE_GROUP = var.schedule_group
    WMS_SCHEDULER_ROLE = var.scheduler_role
    WMS_VERSIONS       = join(" ", [for name, version in var.versions : "${name}=${version}"])
  }

  files = {
    keeper         = "wms-keeper"
    rules          = "lease.awk"
    job            = "wms-job"
    keeper_service = "wms-keeper.service"
    keeper_timer   = "wms-keeper.timer"
    limit_service  = "wms-limit.service"
    limit_timer    = "wms-limit.timer"
    setup          = "setup.sh"
  }

  begin = "cat << 'WMS_END_OF_FILE'\n"
  end   = "WMS_END_OF_FILE\n"

  script = join("", concat(
    ["#!/bin/sh\n"],
    [for name, value in local.settings : "${name}='${value}'\n"],
    [for name, path in local.files : "wms_file_${name}() {\n${local.begin}${file("${local.folder}/${path}")}${local.end}}\n"],
    [file("${local.folder}/user-data.sh")],
  ))
}
