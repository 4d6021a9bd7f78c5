// Identities, and what each may do.

@description('Object id of whoever deploys: may put secrets, images and files where they belong; nobody when empty')
param deployerPrincipalId string

@description('Where all of it is')
param location string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

resource vaultStarter 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-vault-starter'
  location: location
  tags: tags
}

resource imageRegistry 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = {
  name: 'environment${uniqueString(resourceGroup().id)}'
}

// AcrPull.
resource vaultStarterPullsOnImageRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistry
  name: guid(imageRegistry.id, vaultStarter.id, '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '7f951dda-4ed3-4680-a7ca-43fe172d538d'
    )
    principalId: vaultStarter.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: 'environment${uniqueString(resourceGroup().id)}'
}

// Key Vault Secrets User.
resource vaultStarterReadsOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, vaultStarter.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
    )
    principalId: vaultStarter.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource vaultIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-vault-identity'
  location: location
  tags: tags
}

resource frontDoorBucket 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: 'environment${uniqueString(resourceGroup().id, 'front-door-bucket')}'
}

// Storage Blob Data Contributor.
resource vaultIdentityWritesOnFrontDoorBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: frontDoorBucket
  name: guid(frontDoorBucket.id, vaultIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: vaultIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource messageBusBucket 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: 'environment${uniqueString(resourceGroup().id, 'message-bus-bucket')}'
}

// Storage Blob Data Contributor.
resource vaultIdentityWritesOnMessageBusBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: messageBusBucket
  name: guid(messageBusBucket.id, vaultIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: vaultIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource messageBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: '${name}-messages-${uniqueString(resourceGroup().id)}'
}

resource imageRegistryQueue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = {
  parent: messageBus
  name: 'image-registry-queue'
}

// Azure Service Bus Data Sender.
resource vaultIdentitySendsOnImageRegistryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistryQueue
  name: guid(imageRegistryQueue.id, vaultIdentity.id, '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
    )
    principalId: vaultIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource locationStarter 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-location-starter'
  location: location
  tags: tags
}

// AcrPull.
resource locationStarterPullsOnImageRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistry
  name: guid(imageRegistry.id, locationStarter.id, '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '7f951dda-4ed3-4680-a7ca-43fe172d538d'
    )
    principalId: locationStarter.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Key Vault Secrets User.
resource locationStarterReadsOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, locationStarter.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
    )
    principalId: locationStarter.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource locationIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-location-identity'
  location: location
  tags: tags
}

// Storage Blob Data Contributor.
resource locationIdentityWritesOnFrontDoorBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: frontDoorBucket
  name: guid(frontDoorBucket.id, locationIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: locationIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor.
resource locationIdentityWritesOnMessageBusBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: messageBusBucket
  name: guid(messageBusBucket.id, locationIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: locationIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Sender.
resource locationIdentitySendsOnImageRegistryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistryQueue
  name: guid(imageRegistryQueue.id, locationIdentity.id, '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
    )
    principalId: locationIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Receiver.
resource locationIdentityReceivesOnImageRegistryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistryQueue
  name: guid(imageRegistryQueue.id, locationIdentity.id, '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
    )
    principalId: locationIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource resourceGroupIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-resource-group-identity'
  location: location
  tags: tags
}

// Storage Blob Data Contributor.
resource resourceGroupIdentityWritesOnFrontDoorBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: frontDoorBucket
  name: guid(frontDoorBucket.id, resourceGroupIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: resourceGroupIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor.
resource resourceGroupIdentityWritesOnMessageBusBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: messageBusBucket
  name: guid(messageBusBucket.id, resourceGroupIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: resourceGroupIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Sender.
resource resourceGroupIdentitySendsOnImageRegistryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistryQueue
  name: guid(imageRegistryQueue.id, resourceGroupIdentity.id, '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
    )
    principalId: resourceGroupIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Key Vault Secrets User.
resource resourceGroupIdentityReadsOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, resourceGroupIdentity.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
    )
    principalId: resourceGroupIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource namesIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-names-identity'
  location: location
  tags: tags
}

// Storage Blob Data Contributor.
resource namesIdentityWritesOnFrontDoorBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: frontDoorBucket
  name: guid(frontDoorBucket.id, namesIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: namesIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor.
resource namesIdentityWritesOnMessageBusBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: messageBusBucket
  name: guid(messageBusBucket.id, namesIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: namesIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Sender.
resource namesIdentitySendsOnImageRegistryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistryQueue
  name: guid(imageRegistryQueue.id, namesIdentity.id, '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
    )
    principalId: namesIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Receiver.
resource namesIdentityReceivesOnImageRegistryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistryQueue
  name: guid(imageRegistryQueue.id, namesIdentity.id, '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
    )
    principalId: namesIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Key Vault Secrets User.
resource namesIdentityReadsOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, namesIdentity.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
    )
    principalId: namesIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource functionStore 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: 'environment${uniqueString(resourceGroup().id, 'function-store')}'
}

// Storage Blob Data Owner.
resource namesIdentityOwnsOnFunctionStore 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: functionStore
  name: guid(functionStore.id, namesIdentity.id, 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
    )
    principalId: namesIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: '${name}-insights'
}

// Monitoring Metrics Publisher.
resource namesIdentityMeasuresOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, namesIdentity.id, '3913510d-42f4-4e42-8a64-420c390055eb')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '3913510d-42f4-4e42-8a64-420c390055eb'
    )
    principalId: namesIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource anyIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-any-identity'
  location: location
  tags: tags
}

// Storage Blob Data Contributor.
resource anyIdentityWritesOnFrontDoorBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: frontDoorBucket
  name: guid(frontDoorBucket.id, anyIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: anyIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor.
resource anyIdentityWritesOnMessageBusBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: messageBusBucket
  name: guid(messageBusBucket.id, anyIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: anyIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Sender.
resource anyIdentitySendsOnImageRegistryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistryQueue
  name: guid(imageRegistryQueue.id, anyIdentity.id, '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
    )
    principalId: anyIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Receiver.
resource anyIdentityReceivesOnImageRegistryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistryQueue
  name: guid(imageRegistryQueue.id, anyIdentity.id, '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
    )
    principalId: anyIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Key Vault Secrets User.
resource anyIdentityReadsOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, anyIdentity.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
    )
    principalId: anyIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Owner.
resource anyIdentityOwnsOnFunctionStore 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: functionStore
  name: guid(functionStore.id, anyIdentity.id, 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
    )
    principalId: anyIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Monitoring Metrics Publisher.
resource anyIdentityMeasuresOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, anyIdentity.id, '3913510d-42f4-4e42-8a64-420c390055eb')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '3913510d-42f4-4e42-8a64-420c390055eb'
    )
    principalId: anyIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource aServiceThatNobodyTypesTwiceADayStarter 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-a-service-that-nobody-types-twice-a-day-starter'
  location: location
  tags: tags
}

// AcrPull.
resource aServiceThatNobodyTypesTwiceADayStarterPullsOnImageRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistry
  name: guid(imageRegistry.id, aServiceThatNobodyTypesTwiceADayStarter.id, '7f951dda-4ed3-4680-a7ca-43fe172d538d')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '7f951dda-4ed3-4680-a7ca-43fe172d538d'
    )
    principalId: aServiceThatNobodyTypesTwiceADayStarter.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Key Vault Secrets User.
resource aServiceThatNobodyTypesTwiceADayStarterReadsOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, aServiceThatNobodyTypesTwiceADayStarter.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
    )
    principalId: aServiceThatNobodyTypesTwiceADayStarter.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource aServiceThatNobodyTypesTwiceADayIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-a-service-that-nobody-types-twice-a-day-identity'
  location: location
  tags: tags
}

// Storage Blob Data Contributor.
resource aServiceThatNobodyTypesTwiceADayIdentityWritesOnFrontDoorBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: frontDoorBucket
  name: guid(frontDoorBucket.id, aServiceThatNobodyTypesTwiceADayIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: aServiceThatNobodyTypesTwiceADayIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Contributor.
resource aServiceThatNobodyTypesTwiceADayIdentityWritesOnMessageBusBucket 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: messageBusBucket
  name: guid(messageBusBucket.id, aServiceThatNobodyTypesTwiceADayIdentity.id, 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
    )
    principalId: aServiceThatNobodyTypesTwiceADayIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Sender.
resource aServiceThatNobodyTypesTwiceADayIdentitySendsOnImageRegistryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistryQueue
  name: guid(imageRegistryQueue.id, aServiceThatNobodyTypesTwiceADayIdentity.id, '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
    )
    principalId: aServiceThatNobodyTypesTwiceADayIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Azure Service Bus Data Receiver.
resource aServiceThatNobodyTypesTwiceADayIdentityReceivesOnImageRegistryQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: imageRegistryQueue
  name: guid(imageRegistryQueue.id, aServiceThatNobodyTypesTwiceADayIdentity.id, '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
    )
    principalId: aServiceThatNobodyTypesTwiceADayIdentity.properties.principalId
    principalType: 'ServicePrincipal'
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

@description('clientId of aServiceThatNobodyTypesTwiceADayIdentity')
output aServiceThatNobodyTypesTwiceADayIdentityClientId string = aServiceThatNobodyTypesTwiceADayIdentity.properties.clientId

@description('id of aServiceThatNobodyTypesTwiceADayIdentity')
output aServiceThatNobodyTypesTwiceADayIdentityId string = aServiceThatNobodyTypesTwiceADayIdentity.id

@description('id of aServiceThatNobodyTypesTwiceADayStarter')
output aServiceThatNobodyTypesTwiceADayStarterId string = aServiceThatNobodyTypesTwiceADayStarter.id

@description('clientId of anyIdentity')
output anyIdentityClientId string = anyIdentity.properties.clientId

@description('id of anyIdentity')
output anyIdentityId string = anyIdentity.id

@description('clientId of locationIdentity')
output locationIdentityClientId string = locationIdentity.properties.clientId

@description('id of locationIdentity')
output locationIdentityId string = locationIdentity.id

@description('id of locationStarter')
output locationStarterId string = locationStarter.id

@description('clientId of namesIdentity')
output namesIdentityClientId string = namesIdentity.properties.clientId

@description('id of namesIdentity')
output namesIdentityId string = namesIdentity.id

@description('clientId of resourceGroupIdentity')
output resourceGroupIdentityClientId string = resourceGroupIdentity.properties.clientId

@description('id of resourceGroupIdentity')
output resourceGroupIdentityId string = resourceGroupIdentity.id

@description('clientId of vaultIdentity')
output vaultIdentityClientId string = vaultIdentity.properties.clientId

@description('id of vaultIdentity')
output vaultIdentityId string = vaultIdentity.id

@description('id of vaultStarter')
output vaultStarterId string = vaultStarter.id
