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
  name: 'shop${uniqueString(resourceGroup().id, 'web-files')}'
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
  name: 'shop${uniqueString(resourceGroup().id)}'
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

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: 'shop${uniqueString(resourceGroup().id)}'
}

// Key Vault Secrets User.
resource apiStarterReadsOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, apiStarter.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
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

resource uploadsBucket 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: 'shop${uniqueString(resourceGroup().id, 'uploads-bucket')}'
}

// Storage Blob Data Contributor.
resource apiIdentityWritesOnUploadsBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: uploadsBucket
  name: guid(uploadsBucket.id, apiIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: apiIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource messageBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: '${name}-messages-${uniqueString(resourceGroup().id)}'
}

resource ordersQueue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = {
  parent: messageBus
  name: 'orders-queue'
}

// Azure Service Bus Data Sender.
resource apiIdentitySendsOnOrdersQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: ordersQueue
  name: guid(ordersQueue.id, apiIdentity.id, '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
    )
    principalId: apiIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
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

// Key Vault Secrets User.
resource workerStarterReadsOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, workerStarter.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
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

// Storage Blob Data Reader.
resource workerIdentityReadsOnUploadsBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: uploadsBucket
  name: guid(uploadsBucket.id, workerIdentity.id, '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
    )
    principalId: workerIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Receiver.
resource workerIdentityReceivesOnOrdersQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: ordersQueue
  name: guid(ordersQueue.id, workerIdentity.id, '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
    )
    principalId: workerIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource legacyIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-legacy-identity'
  location: location
  tags: tags
}

resource thumbnailsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-thumbnails-identity'
  location: location
  tags: tags
}

// Azure Service Bus Data Receiver.
resource thumbnailsIdentityReceivesOnOrdersQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: ordersQueue
  name: guid(ordersQueue.id, thumbnailsIdentity.id, '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
    )
    principalId: thumbnailsIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Key Vault Secrets User.
resource thumbnailsIdentityReadsOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, thumbnailsIdentity.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
    )
    principalId: thumbnailsIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource functionStore 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: 'shop${uniqueString(resourceGroup().id, 'function-store')}'
}

// Storage Blob Data Owner.
resource thumbnailsIdentityOwnsOnFunctionStore 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: functionStore
  name: guid(functionStore.id, thumbnailsIdentity.id, 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
    )
    principalId: thumbnailsIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: '${name}-insights'
}

// Monitoring Metrics Publisher.
resource thumbnailsIdentityMeasuresOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, thumbnailsIdentity.id, '3913510d-42f4-4e42-8a64-420c390055eb')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '3913510d-42f4-4e42-8a64-420c390055eb'
    )
    principalId: thumbnailsIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
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

// Key Vault Secrets Officer.
resource deployerWritesOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  scope: vault
  name: guid(vault.id, deployerPrincipalId, 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
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

// Storage Blob Data Contributor.
resource deployerWritesOnFunctionStore 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerPrincipalId)) {
  scope: functionStore
  name: guid(functionStore.id, deployerPrincipalId, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
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

@description('clientId of legacyIdentity')
output legacyIdentityClientId string = legacyIdentity.properties.clientId

@description('id of legacyIdentity')
output legacyIdentityId string = legacyIdentity.id

@description('clientId of thumbnailsIdentity')
output thumbnailsIdentityClientId string = thumbnailsIdentity.properties.clientId

@description('id of thumbnailsIdentity')
output thumbnailsIdentityId string = thumbnailsIdentity.id

@description('clientId of workerIdentity')
output workerIdentityClientId string = workerIdentity.properties.clientId

@description('id of workerIdentity')
output workerIdentityId string = workerIdentity.id

@description('id of workerStarter')
output workerStarterId string = workerStarter.id
