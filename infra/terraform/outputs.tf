output "instance_id" {
  description = "The machine; -InstanceId of the cmdlets."
  value       = aws_instance.machine.id
}

output "machine" {
  description = "Name of the machine; aws.machine in wms.yaml."
  value       = var.machine
}

output "region" {
  description = "The region; aws.region in wms.yaml."
  value       = var.region
}

output "bucket_name" {
  description = "Bucket of data, leases and jobs; aws.bucket in wms.yaml."
  value       = aws_s3_bucket.data.id
}

output "mlflow_bucket_name" {
  description = "Bucket of the files of runs and models."
  value       = aws_s3_bucket.mlflow.id
}

output "image_id" {
  description = "Image that the machine was made from; set image_id to it to pin it."
  value       = aws_instance.machine.ami
}

output "data_volume_id" {
  description = "The data volume, which outlives the machine."
  value       = aws_ebs_volume.data.id
}

output "address" {
  description = "The public address, if keep_address is set; else it changes with each start."
  value       = one(aws_eip.machine[*].public_ip)
}

output "registry" {
  description = "Repository of the prediction service's images (size full)."
  value       = one(aws_ecr_repository.service[*].repository_url)
}

output "operators_policy" {
  description = "Policy with what the cmdlets need, to attach to people."
  value       = one(aws_iam_policy.operators[*].arn)
}

output "github_role" {
  description = "Role for GitHub Actions; role-to-assume of its credentials step."
  value       = one(aws_iam_role.github[*].arn)
}

output "schedule_group" {
  description = "Group of the schedule that stops the machine from outside; aws.schedule_group in wms.yaml."
  value       = one(aws_scheduler_schedule_group.machine[*].name)
}

output "scheduler_role" {
  description = "ARN of the role of that schedule; aws.scheduler_role in wms.yaml."
  value       = one(aws_iam_role.scheduler[*].arn)
}

output "mlflow_command" {
  description = "Opens MLflow on http://localhost:5000 through SSM (size full)."

  value = local.is_full ? join(" ", [
    "aws ssm start-session --region ${var.region} --target ${aws_instance.machine.id}",
    "--document-name AWS-StartPortForwardingSession --parameters portNumber=5000,localPortNumber=5000",
  ]) : null
}
