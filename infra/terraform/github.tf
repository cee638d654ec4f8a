# GitHub Actions without stored keys: a workflow of the named branches exchanges its own token for credentials of an hour or more.
# Accounts that cannot make roles leave create_github_oidc off and use temporary keys: Set-WmsSecret puts them into the repository.
locals {
  github_host     = "token.actions.githubusercontent.com"
  github_provider = var.create_github_oidc ? coalesce(var.github_oidc_provider, one(aws_iam_openid_connect_provider.github[*].arn)) : null
}

resource "aws_iam_openid_connect_provider" "github" {
  count          = var.create_github_oidc && var.github_oidc_provider == null ? 1 : 0
  url            = "https://${local.github_host}"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "github_trust" {
  count = var.create_github_oidc ? 1 : 0

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.github_provider]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.github_host}:aud"
      values   = ["sts.amazonaws.com"]
    }

    # StringLike for branches such as data/*. Pull requests of forks have another subject, and get nothing.
    condition {
      test     = "StringLike"
      variable = "${local.github_host}:sub"
      values   = [for branch in var.github_branches : "repo:${var.github_repository}:ref:refs/heads/${branch}"]
    }
  }
}

resource "aws_iam_role" "github" {
  count                = var.create_github_oidc ? 1 : 0
  name                 = "${var.project}-github"
  assume_role_policy   = data.aws_iam_policy_document.github_trust[0].json
  max_session_duration = 21600

  lifecycle {
    precondition {
      condition     = var.create_roles && var.github_repository != null
      error_message = "create_github_oidc needs create_roles and github_repository (OWNER/NAME)."
    }
  }
}

resource "aws_iam_role_policy_attachment" "github" {
  count      = var.create_github_oidc ? 1 : 0
  role       = aws_iam_role.github[0].name
  policy_arn = aws_iam_policy.operators[0].arn
}
