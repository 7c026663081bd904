import {
  to = sdrs_replication_pair.data
  identity = {
    id     = "0bd9b1a1-9ee1-4a3c-86b2-1b5f2f4e4f0e"
    region = "eu-de"
  }
}
