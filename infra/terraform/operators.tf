# What the cmdlets need: attached to the role of GitHub, and for an administrator to attach to people.
locals {
  sessions = "arn:${data.aws_partition.current.partition}:ssm:*:*:session"
}

data "aws_iam_policy_document" "operators" {
  statement {
    sid       = "See"
    resources = ["*"] # these actions know no resource

    actions = [
      "ec2:DescribeAddresses",
      "ec2:DescribeInstanceStatus",
      "ec2:DescribeInstances",
      "ec2:DescribeVolumes",
      "pricing:GetProducts",
      "ssm:DescribeInstanceInformation",
      "ssm:GetCommandInvocation",
      "ssm:ListCommandInvocations",
    ]
  }

  statement {
    sid       = "StartAndStop"
    actions   = ["ec2:StartInstances", "ec2:StopInstances", "ssm:SendCommand", "ssm:StartSession"]
    resources = [local.machine_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/wms:machine"
      values   = [var.machine]
    }
  }

  # The tag shows who keeps the machine on. No other tag: wms:machine says which machine they may stop.
  statement {
    sid       = "ShowLease"
    actions   = ["ec2:CreateTags"]
    resources = [local.machine_arn]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/wms:machine"
      values   = [var.machine]
    }

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "aws:TagKeys"
      values   = ["wms:lease"]
    }
  }

  statement {
    sid     = "Documents"
    actions = ["ssm:SendCommand", "ssm:StartSession"]

    resources = [
      "arn:${data.aws_partition.current.partition}:ssm:${var.region}::document/AWS-RunShellScript",
      "arn:${data.aws_partition.current.partition}:ssm:${var.region}::document/AWS-StartPortForwardingSession",
    ]
  }

  # Sessions have the name of the user, or of the role's session, in front of their identifiers. After a broken connection the plugin
  # resumes its session with the user's credentials.
  statement {
    sid       = "OwnSessions"
    actions   = ["ssm:ResumeSession", "ssm:TerminateSession"]
    resources = ["${local.sessions}/$${aws:username}-*", "${local.sessions}/$${aws:userid}-*"]
  }

  statement {
    sid       = "List"
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = local.bucket_arns
  }

  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    resources = local.object_arns
  }

  dynamic "statement" {
    for_each = aws_scheduler_schedule_group.machine

    content {
      sid       = "SecondLine"
      actions   = ["scheduler:CreateSchedule", "scheduler:UpdateSchedule", "scheduler:GetSchedule", "scheduler:DeleteSchedule"]
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
      sid       = "PushImages"
      resources = [statement.value.arn]

      actions = [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:CompleteLayerUpload",
        "ecr:GetDownloadUrlForLayer",
        "ecr:InitiateLayerUpload",
        "ecr:PutImage",
        "ecr:UploadLayerPart",
      ]
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

resource "aws_iam_policy" "operators" {
  count  = var.create_roles ? 1 : 0
  name   = "${var.project}-operators"
  policy = data.aws_iam_policy_document.operators.json
}
