// Databases, caches, files, queues, secrets and images.

@description('Where all of it is')
param location string

@description('Addresses of people and pipelines that put secrets, such as { value: "203.0.113.7" }; with any, nobody else reaches the vault from outside')
param operatorAddresses array

@description('Written on everything')
param tags object

@description('id of logWorkspace, of logs.bicep')
param logWorkspaceId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'hooks${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: empty(operatorAddresses) ? 'Allow' : 'Deny'
      ipRules: operatorAddresses
      virtualNetworkRules: []
    }
  }
}

resource vaultLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'logs'
  properties: {
    workspaceId: logWorkspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

resource functionStore 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'hooks${uniqueString(resourceGroup().id, 'function-store')}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Enabled'
  }
}

resource functionStoreBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: functionStore
  name: 'default'
}

resource helloCode 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: functionStoreBlobs
  name: 'code-hello'
}

resource reportCode 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: functionStoreBlobs
  name: 'code-report'
}

@description('blob of functionStore')
output functionStoreBlob string = functionStore.properties.primaryEndpoints.blob

@description('name of functionStore')
output functionStoreName string = functionStore.name

@description('name of helloCode')
output helloCodeName string = helloCode.name

@description('name of reportCode')
output reportCodeName string = reportCode.name

@description('name of vault')
output vaultName string = vault.name

@description('vaultUri of vault')
output vaultVaultUri string = vault.properties.vaultUri
