resource "aws_vpc" "this" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.project }
}

# A security group that nothing uses must allow nothing.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = var.project }
}

resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.this.id
  cidr_block              = "10.0.1.0/24"
  availability_zone       = local.zone
  map_public_ip_on_launch = false
  tags                    = { Name = "${var.project}-public" }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${var.project}-public" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

# S3 without the internet, and without a price.
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.public.id]
  tags              = { Name = "${var.project}-s3" }
}

# People reach the machine, its MLflow and its monitoring through SSM, which needs no open port.
resource "aws_security_group" "machine" {
  name_prefix = "${var.project}-machine-"
  description = "The machine: nothing comes in but what public_service_cidrs allows"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.project}-machine" }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "service" {
  for_each          = toset(var.public_service_cidrs)
  security_group_id = aws_security_group.machine.id
  description       = "The prediction service, public by decision"
  cidr_ipv4         = each.value
  from_port         = var.service_port
  to_port           = var.service_port
  ip_protocol       = "tcp"
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.machine.id
  description       = "SSM, S3, ECR and packages: HTTPS only"
  cidr_ipv4         = "0.0.0.0/0"
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
}

# An address that stays costs while the machine is off; without it, each start has another.
resource "aws_eip" "machine" {
  count    = var.keep_address ? 1 : 0
  domain   = "vpc"
  instance = aws_instance.machine.id
  tags     = { Name = var.machine, "wms:machine" = var.machine }
}
