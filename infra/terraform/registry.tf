# Images of the prediction service. A tag that was pushed stays what it is: a release is named by its version, never by "latest".
resource "aws_ecr_repository" "service" {
  count                = local.is_full ? 1 : 0
  name                 = "${var.project}-model"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "AES256"
  }
}

resource "aws_ecr_lifecycle_policy" "service" {
  count      = local.is_full ? 1 : 0
  repository = aws_ecr_repository.service[0].name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep the newest images"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = var.image_count }
      action       = { type = "expire" }
    }]
  })
}
