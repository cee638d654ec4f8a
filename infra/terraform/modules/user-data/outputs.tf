output "script" {
  description = "The script, as the machine runs it."
  value       = local.script
}

output "base64" {
  description = "The script compressed and encoded: user_data_base64. AWS allows 16 KiB before the encoding."
  value       = base64gzip(local.script)
}
