import {
  to = sdrs_replication_pair_attachment.data
  id = "2dc7aacb-3984-b041-b353-315c6366c2dc/0bd9b1a1-9ee1-4a3c-86b2-1b5f2f4e4f0e"
}
