using 'main.bicep'

// Stands before names
param name = 'environment-production'

// Written on everything
param tags = {
  app: 'environment'
  environment: 'production'
  'managed-by': 'fairlead'
}

// Addresses of people and pipelines that put secrets, such as { value: "203.0.113.7" }; with any,
// nobody else reaches the vault from outside
param operatorAddresses = []

// Resource group of the zone example.com, which is there already
param zoneResourceGroup = 'rg-dns'

// Password of data-database: 16 letters or more, the same each time
param dataDatabasePassword = readEnvironmentVariable('DATA_DATABASE_PASSWORD', '')

// Password of vault-database: 16 letters or more, the same each time
param vaultDatabasePassword = readEnvironmentVariable('VAULT_DATABASE_PASSWORD', '')

// Shares of traffic of vault, such as { revisionName: "vault--42", weight: 10 }; the newest
// revision takes all when empty
param vaultTraffic = []

// Image of vault with its digest; while there is none, nothing of it runs
param vaultImage = ''

// Image of location with its digest; while there is none, nothing of it runs
param locationImage = ''

// Public key of SSH, which machines want to have; nobody reaches them from outside with it
param machineKey = readEnvironmentVariable('MACHINE_KEY', '')

// User of machines to whom that key belongs
param machineUser = 'azureuser'

// Image of a-service-that-nobody-types-twice-a-day with its digest; while there is none, nothing of
// it runs
param aServiceThatNobodyTypesTwiceADayImage = ''

// Object id of whoever deploys: may put secrets, images and files where they belong; nobody when
// empty
param deployerPrincipalId = ''
