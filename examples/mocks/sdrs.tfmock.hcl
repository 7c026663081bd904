# What the cloud would say of a group that was switched to its DR site. Where nothing stands here Terraform makes up words,
# also for statuses, times, and ids, and no other resource takes such an id. A list of objects is always empty in a mock:
# there is nothing to say of the data sources that find many.

mock_resource "sdrs_protection_group" {
  defaults = {
    id                          = "40df180b-9fe2-471a-8c64-1b758dc84189"
    status                      = "protected"
    active_site                 = "target"
    active_availability_zone    = "eu-de-02"
    standby_availability_zone   = "eu-de-01"
    dr_type                     = "migration"
    domain_id                   = "cf6b8a4f-7d2c-4d5e-b1f7-9a3e6c0d2b18"
    target_vpc_id               = "b1cbd3a7-0e54-4f1c-9d8e-6a2f7c5b4d30"
    protected_instance_num      = 1
    replication_num             = 1
    disaster_recovery_drill_num = 0
    created_at                  = "2026-11-01T08:00:00Z"
    updated_at                  = "2026-11-24T03:00:00Z"
  }
}

mock_resource "sdrs_protected_instance" {
  defaults = {
    id               = "5c3b1f6e-8a2d-4e7b-9c10-2f4d6a8b0c1e"
    status           = "protected"
    active_site      = "target"
    source_server_id = "3f6a1c2d-5b4e-4a7f-8d90-1e2c3b4a5d6f"
    target_server_id = "9d8c7b6a-4f3e-4d2c-b1a0-0f9e8d7c6b5a"
    active_server_id = "9d8c7b6a-4f3e-4d2c-b1a0-0f9e8d7c6b5a"
    created_at       = "2026-11-01T08:00:00Z"
    updated_at       = "2026-11-24T03:00:00Z"
  }
}

mock_resource "sdrs_replication_pair" {
  defaults = {
    id                 = "7e9f1a3b-5c2d-4e8f-a6b0-3d5f7c9b1e2a"
    status             = "protected"
    active_site        = "target"
    replication_status = "active"
    progress           = 0
    fault_level        = "0"
    size               = 40
    target_volume_id   = "c8e6a4b2-3d5f-4b7c-9e1a-0f2d4b6c8a9e"
    created_at         = "2026-11-01T08:00:00Z"
    updated_at         = "2026-11-24T03:00:00Z"
  }
}

mock_resource "sdrs_replication_pair_attachment" {
  defaults = {
    id                  = "5c3b1f6e-8a2d-4e7b-9c10-2f4d6a8b0c1e/7e9f1a3b-5c2d-4e8f-a6b0-3d5f7c9b1e2a"
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    status              = "attached"
  }
}

mock_resource "sdrs_protection_group_protection" {
  defaults = {
    name        = "web-shop"
    status      = "protected"
    protected   = true
    active_site = "target"
  }
}

mock_resource "sdrs_protection_group_failover" {
  defaults = {
    name                      = "web-shop"
    status                    = "protected"
    active_site               = "target"
    active_availability_zone  = "eu-de-02"
    standby_availability_zone = "eu-de-01"
    source_availability_zone  = "eu-de-01"
    target_availability_zone  = "eu-de-02"
  }
}

mock_resource "sdrs_drill" {
  defaults = {
    id           = "e2d4c6b8-0a1f-4b3d-8e5c-7f9a1b3d5c7e"
    status       = "available"
    drill_vpc_id = "f0e1d2c3-b4a5-4968-8778-695a4b3c2d1e"
    created_at   = "2026-11-24T03:00:00Z"
    updated_at   = "2026-11-24T03:00:00Z"
  }
}

mock_data "sdrs_protection_group" {
  defaults = {
    id                          = "40df180b-9fe2-471a-8c64-1b758dc84189"
    name                        = "web-shop"
    status                      = "protected"
    active_site                 = "target"
    source_availability_zone    = "eu-de-01"
    target_availability_zone    = "eu-de-02"
    active_availability_zone    = "eu-de-02"
    standby_availability_zone   = "eu-de-01"
    dr_type                     = "migration"
    server_type                 = "ECS"
    protection_type             = "replication-pair"
    progress                    = 0
    protected_instance_num      = 1
    replication_num             = 1
    disaster_recovery_drill_num = 0
    created_at                  = "2026-11-01T08:00:00Z"
    updated_at                  = "2026-11-24T03:00:00Z"
  }
}

mock_data "sdrs_protected_instance" {
  defaults = {
    id                  = "5c3b1f6e-8a2d-4e7b-9c10-2f4d6a8b0c1e"
    name                = "web-shop-1"
    status              = "protected"
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    active_site         = "target"
    source_server_id    = "3f6a1c2d-5b4e-4a7f-8d90-1e2c3b4a5d6f"
    target_server_id    = "9d8c7b6a-4f3e-4d2c-b1a0-0f9e8d7c6b5a"
    active_server_id    = "9d8c7b6a-4f3e-4d2c-b1a0-0f9e8d7c6b5a"
    created_at          = "2026-11-01T08:00:00Z"
    updated_at          = "2026-11-24T03:00:00Z"
  }
}

mock_data "sdrs_replication_pair" {
  defaults = {
    id                  = "7e9f1a3b-5c2d-4e8f-a6b0-3d5f7c9b1e2a"
    name                = "web-shop-1-disk-1"
    status              = "protected"
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    active_site         = "target"
    replication_status  = "active"
    replication_model   = "hypermetro"
    progress            = 0
    fault_level         = "0"
    volume_ids          = ["a4c2e6f8-1b3d-4f5a-8c7e-9d0b2a4c6e8f", "c8e6a4b2-3d5f-4b7c-9e1a-0f2d4b6c8a9e"]
    volume_size         = 40
    volume_type         = "SSD"
    created_at          = "2026-11-01T08:00:00Z"
    updated_at          = "2026-11-24T03:00:00Z"
  }
}

mock_data "sdrs_drill" {
  defaults = {
    name                = "quarterly"
    status              = "available"
    protection_group_id = "40df180b-9fe2-471a-8c64-1b758dc84189"
    drill_vpc_id        = "f0e1d2c3-b4a5-4968-8778-695a4b3c2d1e"
    created_at          = "2026-11-24T03:00:00Z"
    updated_at          = "2026-11-24T03:00:00Z"
  }
}

mock_data "sdrs_failover_readiness" {
  defaults = {
    name          = "web-shop"
    active_site   = "target"
    ready         = true
    fully_checked = true
  }
}
