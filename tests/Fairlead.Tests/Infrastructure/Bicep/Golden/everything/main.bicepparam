using 'main.bicep'

// Stands before names
param name = 'shop-production'

// Written on everything
param tags = {
  app: 'shop'
  environment: 'production'
  'managed-by': 'fairlead'
  team: 'shop'
}

// Addresses of people and pipelines that put secrets, such as { value: "203.0.113.7" }; with any,
// nobody else reaches the vault from outside
param operatorAddresses = []

// Resource group of the zone example.com, which is there already
param zoneResourceGroup = 'rg-dns'

// Password of main-database: 16 letters or more, the same each time
param mainDatabasePassword = readEnvironmentVariable('MAIN_DATABASE_PASSWORD', '')

// Shares of traffic of api, such as { revisionName: "api--42", weight: 10 }; the newest revision
// takes all when empty
param apiTraffic = []

// Image of api with its digest; while there is none, nothing of it runs
param apiImage = ''

// Image of worker with its digest; while there is none, nothing of it runs
param workerImage = ''

// Public key of SSH, which machines want to have; nobody reaches them from outside with it
param machineKey = readEnvironmentVariable('MACHINE_KEY', '')

// User of machines to whom that key belongs
param machineUser = 'azureuser'

// Object id of whoever deploys: may put secrets, images and files where they belong; nobody when
// empty
param deployerPrincipalId = ''
