// Identities, and what each may do.

@description('Object id of whoever deploys: may put secrets, images and files where they belong; nobody when empty')
param deployerPrincipalId string

@description('Where all of it is')
param location string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

resource apiStarter 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-api-starter'
  location: location
  tags: tags
}

resource imageRegistry 'Microsoft.ContainerRegistry/registries@2025-04-01' existing = {
  name: 'intake${uniqueString(resourceGroup().id)}'
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
  name: 'intake${uniqueString(resourceGroup().id)}'
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

@description('clientId of apiIdentity')
output apiIdentityClientId string = apiIdentity.properties.clientId

@description('id of apiIdentity')
output apiIdentityId string = apiIdentity.id

@description('id of apiStarter')
output apiStarterId string = apiStarter.id
