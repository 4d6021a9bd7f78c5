using 'main.bicep'

// Stands before names
param name = 'storefront-production'

// Written on everything
param tags = {
  app: 'storefront'
  environment: 'production'
  'managed-by': 'fairlead'
}

// Shares of traffic of api, such as { revisionName: "api--42", weight: 10 }; the newest revision
// takes all when empty
param apiTraffic = []

// Image of api with its digest; while there is none, nothing of it runs
param apiImage = ''

// Image of worker with its digest; while there is none, nothing of it runs
param workerImage = ''

// Object id of whoever deploys: may put secrets, images and files where they belong; nobody when
// empty
param deployerPrincipalId = ''
