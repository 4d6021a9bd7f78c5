// Identities, and what each may do.

@description('Object id of whoever deploys: may put secrets, images and files where they belong; nobody when empty')
param deployerPrincipalId string

@description('Where all of it is')
param location string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

resource helloIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-hello-identity'
  location: location
  tags: tags
}

resource functionStore 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: 'hooks${uniqueString(resourceGroup().id, 'function-store')}'
}

// Storage Blob Data Owner.
resource helloIdentityOwnsOnFunctionStore 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: functionStore
  name: guid(functionStore.id, helloIdentity.id, 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
    )
    principalId: helloIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: '${name}-insights'
}

// Monitoring Metrics Publisher.
resource helloIdentityMeasuresOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, helloIdentity.id, '3913510d-42f4-4e42-8a64-420c390055eb')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '3913510d-42f4-4e42-8a64-420c390055eb'
    )
    principalId: helloIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

resource reportIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-report-identity'
  location: location
  tags: tags
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: 'hooks${uniqueString(resourceGroup().id)}'
}

// Key Vault Secrets User.
resource reportIdentityReadsOnVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, reportIdentity.id, '4633458b-17de-408a-b874-0445c86b69e6')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '4633458b-17de-408a-b874-0445c86b69e6'
    )
    principalId: reportIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Storage Blob Data Owner.
resource reportIdentityOwnsOnFunctionStore 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: functionStore
  name: guid(functionStore.id, reportIdentity.id, 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
    )
    principalId: reportIdentity.properties.principalId
    principalType: 'ServicePrincipal'
  }
}

// Monitoring Metrics Publisher.
resource reportIdentityMeasuresOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, reportIdentity.id, '3913510d-42f4-4e42-8a64-420c390055eb')
  properties: {
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      '3913510d-42f4-4e42-8a64-420c390055eb'
    )
    principalId: reportIdentity.properties.principalId
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

@description('clientId of helloIdentity')
output helloIdentityClientId string = helloIdentity.properties.clientId

@description('id of helloIdentity')
output helloIdentityId string = helloIdentity.id

@description('clientId of reportIdentity')
output reportIdentityClientId string = reportIdentity.properties.clientId

@description('id of reportIdentity')
output reportIdentityId string = reportIdentity.id
