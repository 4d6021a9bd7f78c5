module "net" {
  source = "./modules/net"
  ports  = [443, 6379]
}
