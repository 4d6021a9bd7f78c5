using 'main.bicep'

// Stands before names
param name = 'intake-production'

// Written on everything
param tags = {
  app: 'intake'
  environment: 'production'
  'managed-by': 'fairlead'
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

// Object id of whoever deploys: may put secrets, images and files where they belong; nobody when
// empty
param deployerPrincipalId = ''
