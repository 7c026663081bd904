# By the id of the DR drill.
terraform import sdrs_drill.spring d3e4f506-1728-4394-b5a6-c7d8e9f0a1b2
