using 'main.bicep'

// Stands before names
param name = 'hooks-production'

// Written on everything
param tags = {
  app: 'hooks'
  environment: 'production'
  'managed-by': 'fairlead'
}

// Addresses of people and pipelines that put secrets, such as { value: "203.0.113.7" }; with any,
// nobody else reaches the vault from outside
param operatorAddresses = []

// Object id of whoever deploys: may put secrets, images and files where they belong; nobody when
// empty
param deployerPrincipalId = ''
