// Identities, and what each may do.

@description('Object id of whoever deploys: may put secrets, images and files where they belong; nobody when empty')
param deployerPrincipalId string

@description('Where all of it is')
param location string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

resource frontDoorIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-front-door-identity'
  location: location
  tags: tags
}

resource webFiles 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: 'storefront${uniqueString(resourceGroup().id, 'web-files')}'
}

// Storage Blob Data Reader.
resource frontDoorIdentityReadsOnWebFiles 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: webFiles
  name: guid(webFiles.id, frontDoorIdentity.id, '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
    )
    principalId: frontDoorIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource apiStarter 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-api-starter'
  location: location
  tags: tags
}

resource imageRegistry 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = {
  name: 'storefront${uniqueString(resourceGroup().id)}'
}

// AcrPull.
resource apiStarterPullsOnImageRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistry
  name: guid(imageRegistry.id, apiStarter.id, '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '7f951dda-4ed3-4680-a7ca-43fe172d538d'
    )
    principalId: apiStarter.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource apiIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-api-identity'
  location: location
  tags: tags
}

resource workerStarter 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-worker-starter'
  location: location
  tags: tags
}

// AcrPull.
resource workerStarterPullsOnImageRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistry
  name: guid(imageRegistry.id, workerStarter.id, '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '7f951dda-4ed3-4680-a7ca-43fe172d538d'
    )
    principalId: workerStarter.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource workerIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-worker-identity'
  location: location
  tags: tags
}

// Storage Blob Data Contributor.
resource deployerWritesOnWebFiles 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  scope: webFiles
  name: guid(webFiles.id, deployerPrincipalId, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: deployerPrincipalId
  }
}

// AcrPush.
resource deployerPushesOnImageRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  scope: imageRegistry
  name: guid(imageRegistry.id, deployerPrincipalId, '8311e382-0749-4cb8-b61a-304f252e45ec')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '8311e382-0749-4cb8-b61a-304f252e45ec'
    )
    principalId: deployerPrincipalId
  }
}

@description('clientId of apiIdentity')
output apiIdentityClientId string = apiIdentity.properties.clientId

@description('id of apiIdentity')
output apiIdentityId string = apiIdentity.id

@description('id of apiStarter')
output apiStarterId string = apiStarter.id

@description('id of frontDoorIdentity')
output frontDoorIdentityId string = frontDoorIdentity.id

@description('clientId of workerIdentity')
output workerIdentityClientId string = workerIdentity.properties.clientId

@description('id of workerIdentity')
output workerIdentityId string = workerIdentity.id

@description('id of workerStarter')
output workerStarterId string = workerStarter.id
