import {
  to = sdrs_drill.spring
  identity = {
    id     = "d3e4f506-1728-4394-b5a6-c7d8e9f0a1b2"
    region = "eu-de"
  }
}
