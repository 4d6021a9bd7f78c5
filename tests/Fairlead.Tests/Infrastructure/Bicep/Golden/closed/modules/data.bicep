// Databases, caches, files, queues, secrets and images.

@description('Where all of it is')
param location string

@secure()
@description('Password of main-database: 16 letters or more, the same each time')
param mainDatabasePassword string

@description('Stands before names')
param name string

@description('Addresses of people and pipelines that put secrets, such as { value: "203.0.113.7" }; with any, nobody else reaches the vault from outside')
param operatorAddresses array

@description('Written on everything')
param tags object

@description('id of containersSubnet, of network.bicep')
param containersSubnetId string

@description('id of logWorkspace, of logs.bicep')
param logWorkspaceId string

@description('id of mysqlNames, of network.bicep')
param mysqlNamesId string

@description('id of mysqlSubnet, of network.bicep')
param mysqlSubnetId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'intake${uniqueString(resourceGroup().id)}'
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
      virtualNetworkRules: [
        {
          id: containersSubnetId
        }
      ]
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

resource vaultLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: vault
  name: 'protected'
  properties: {
    level: 'CanNotDelete'
    notes: 'Take this away first: then it can be removed.'
  }
}

resource mainDatabase 'Microsoft.DBforMySQL/flexibleServers@2023-12-30' = {
  name: '${name}-main-database-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  sku: {
    name: 'Standard_D4ads_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '8.4'
    administratorLogin: 'app'
    administratorLoginPassword: mainDatabasePassword
    storage: {
      storageSizeGB: 100
      autoGrow: 'Enabled'
      autoIoScaling: 'Enabled'
    }
    backup: {
      backupRetentionDays: 14
      geoRedundantBackup: 'Disabled'
    }
    network: {
      delegatedSubnetResourceId: mysqlSubnetId
      privateDnsZoneResourceId: mysqlNamesId
    }
    highAvailability: {
      mode: 'Disabled'
    }
  }
}

resource mainDatabaseSchema 'Microsoft.DBforMySQL/flexibleServers/databases@2023-12-30' = {
  parent: mainDatabase
  name: 'intake'
  properties: {
    charset: 'utf8mb4'
    collation: 'utf8mb4_0900_ai_ci'
  }
}

resource mainDatabaseRequireSecureTransport 'Microsoft.DBforMySQL/flexibleServers/configurations@2023-12-30' = {
  parent: mainDatabase
  name: 'require_secure_transport'
  properties: {
    value: 'ON'
    source: 'user-override'
  }
  dependsOn: [
    mainDatabaseSchema
  ]
}

resource mainDatabaseTlsVersion 'Microsoft.DBforMySQL/flexibleServers/configurations@2023-12-30' = {
  parent: mainDatabase
  name: 'tls_version'
  properties: {
    value: 'TLSv1.2,TLSv1.3'
    source: 'user-override'
  }
  dependsOn: [
    mainDatabaseRequireSecureTransport
  ]
}

resource mainDatabaseKeptSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'azure-main-database-password'
  tags: tags
  properties: {
    value: mainDatabasePassword
    contentType: 'text/plain'
  }
}

resource mainDatabaseLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: mainDatabase
  name: 'protected'
  properties: {
    level: 'CanNotDelete'
    notes: 'Take this away first: then it can be removed.'
  }
}

resource imageRegistry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: 'intake${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
  }
}

// Keeps the newest 20 images of the repository api-images, and all that are younger than a month.
resource apiImagesKeeping 'Microsoft.ContainerRegistry/registries/tasks@2025-03-01-preview' = {
  parent: imageRegistry
  name: 'keep-api-images'
  location: location
  tags: tags
  properties: {
    status: 'Enabled'
    platform: {
      os: 'Linux'
      architecture: 'amd64'
    }
    agentConfiguration: {
      cpu: 2
    }
    timeout: 3600
    step: {
      type: 'EncodedTask'
      encodedTaskContent: base64(join(
        [
          'version: v1.1.0'
          'steps:'
          '  - cmd: acr purge --filter \'api-images:.*\' --ago 30d --keep 20 --untagged'
          '    disableWorkingDirectoryOverride: true'
          '    timeout: 3600'
          ''
        ],
        '\n'
      ))
    }
    trigger: {
      timerTriggers: [
        {
          name: 'nightly'
          schedule: '0 3 * * *'
        }
      ]
    }
  }
}

@description('loginServer of imageRegistry')
output imageRegistryLoginServer string = imageRegistry.properties.loginServer

@description('fullyQualifiedDomainName of mainDatabase')
output mainDatabaseFullyQualifiedDomainName string = mainDatabase.properties.fullyQualifiedDomainName

@description('name of vault')
output vaultName string = vault.name

@description('vaultUri of vault')
output vaultVaultUri string = vault.properties.vaultUri
