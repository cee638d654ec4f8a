locals {
  instance_profile = var.create_roles ? aws_iam_instance_profile.machine[0].name : var.instance_profile
  machine_arn      = "arn:${data.aws_partition.current.partition}:ec2:${var.region}:${local.account}:instance/*"
  bucket_arns      = [aws_s3_bucket.data.arn, aws_s3_bucket.mlflow.arn]
  object_arns      = ["${aws_s3_bucket.data.arn}/*", "${aws_s3_bucket.mlflow.arn}/*"]
}

data "aws_partition" "current" {}

# --- what the machine may do ---

data "aws_iam_policy_document" "machine_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "machine" {
  # Without the right to list, S3 answers 403 where an object is missing: the keeper could not tell that from a lost permission.
  statement {
    sid       = "List"
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = local.bucket_arns
  }

  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"]
    resources = local.object_arns
  }

  # MLflow deletes the files of runs; versions of data sets and leases are never deleted by the machine.
  statement {
    sid       = "DeleteArtifacts"
    actions   = ["s3:DeleteObject"]
    resources = ["${aws_s3_bucket.mlflow.arn}/*"]
  }

  # The keeper writes one schedule, that of its machine.
  dynamic "statement" {
    for_each = aws_scheduler_schedule_group.machine

    content {
      sid       = "SecondLine"
      actions   = ["scheduler:CreateSchedule", "scheduler:UpdateSchedule"]
      resources = ["${local.schedules}/${statement.value.name}/${var.machine}"]
    }
  }

  dynamic "statement" {
    for_each = aws_iam_role.scheduler

    content {
      sid       = "PassSchedulerRole"
      actions   = ["iam:PassRole"]
      resources = [statement.value.arn]

      condition {
        test     = "StringEquals"
        variable = "iam:PassedToService"
        values   = ["scheduler.amazonaws.com"]
      }
    }
  }

  dynamic "statement" {
    for_each = aws_ecr_repository.service

    content {
      sid       = "PullImages"
      actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
      resources = [statement.value.arn]
    }
  }

  dynamic "statement" {
    for_each = aws_ecr_repository.service

    content {
      sid       = "RegistryToken"
      actions   = ["ecr:GetAuthorizationToken"]
      resources = ["*"] # this action knows no resource
    }
  }
}

resource "aws_iam_role" "machine" {
  count              = var.create_roles ? 1 : 0
  name               = "${var.project}-machine"
  assume_role_policy = data.aws_iam_policy_document.machine_trust.json
}

resource "aws_iam_role_policy" "machine" {
  count  = var.create_roles ? 1 : 0
  name   = "machine"
  role   = aws_iam_role.machine[0].id
  policy = data.aws_iam_policy_document.machine.json
}

resource "aws_iam_role_policy_attachment" "ssm" {
  count      = var.create_roles ? 1 : 0
  role       = aws_iam_role.machine[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "machine" {
  count = var.create_roles ? 1 : 0
  name  = "${var.project}-machine"
  role  = aws_iam_role.machine[0].name
}

# --- for the schedule that stops the machine from outside ---

locals {
  has_scheduler = var.create_roles && var.create_scheduler
  schedules     = "arn:${data.aws_partition.current.partition}:scheduler:${var.region}:${local.account}:schedule"
}

data "aws_iam_policy_document" "scheduler_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "scheduler" {
  statement {
    actions   = ["ec2:StopInstances"]
    resources = [local.machine_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/wms:machine"
      values   = [var.machine]
    }
  }
}

resource "aws_scheduler_schedule_group" "machine" {
  count = local.has_scheduler ? 1 : 0
  name  = var.project
}

resource "aws_iam_role" "scheduler" {
  count              = local.has_scheduler ? 1 : 0
  name               = "${var.project}-scheduler"
  assume_role_policy = data.aws_iam_policy_document.scheduler_trust.json
}

resource "aws_iam_role_policy" "scheduler" {
  count  = local.has_scheduler ? 1 : 0
  name   = "stop-machine"
  role   = aws_iam_role.scheduler[0].id
  policy = data.aws_iam_policy_document.scheduler.json
}
