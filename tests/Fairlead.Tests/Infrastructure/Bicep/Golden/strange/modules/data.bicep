// Databases, caches, files, queues, secrets and images.

@secure()
@description('Password of data-database: 16 letters or more, the same each time')
param dataDatabasePassword string

@description('Where all of it is')
param location string

@description('Stands before names')
param name string

@description('Addresses of people and pipelines that put secrets, such as { value: "203.0.113.7" }; with any, nobody else reaches the vault from outside')
param operatorAddresses array

@description('Written on everything')
param tags object

@secure()
@description('Password of vault-database: 16 letters or more, the same each time')
param vaultDatabasePassword string

@description('id of blobNames, of network.bicep')
param blobNamesId string

@description('id of containersSubnet, of network.bicep')
param containersSubnetId string

@description('id of endpointsSubnet, of network.bicep')
param endpointsSubnetId string

@description('id of functionsSubnet, of network.bicep')
param functionsSubnetId string

@description('id of logWorkspace, of logs.bicep')
param logWorkspaceId string

@description('id of machinesSubnet, of network.bicep')
param machinesSubnetId string

@description('id of mysqlNames, of network.bicep')
param mysqlNamesId string

@description('id of mysqlSubnet, of network.bicep')
param mysqlSubnetId string

@description('id of postgresNames, of network.bicep')
param postgresNamesId string

@description('id of postgresSubnet, of network.bicep')
param postgresSubnetId string

@description('id of redisNames, of network.bicep')
param redisNamesId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'environment${uniqueString(resourceGroup().id)}'
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
        {
          id: functionsSubnetId
        }
        {
          id: machinesSubnetId
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

resource functionStore 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'environment${uniqueString(resourceGroup().id, 'function-store')}'
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

resource dataDatabase 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: '${name}-data-database-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  sku: {
    name: 'Standard_D2ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    administratorLogin: 'app'
    administratorLoginPassword: dataDatabasePassword
    authConfig: {
      activeDirectoryAuth: 'Disabled'
      passwordAuth: 'Enabled'
    }
    storage: {
      storageSizeGB: 16384
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 7
      geoRedundantBackup: 'Disabled'
    }
    network: {
      delegatedSubnetResourceId: postgresSubnetId
      privateDnsZoneArmResourceId: postgresNamesId
    }
    highAvailability: {
      mode: 'ZoneRedundant'
    }
  }
}

resource dataDatabaseSchema 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: dataDatabase
  name: 'environment'
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
}

resource dataDatabaseKeptSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'azure-data-database-password'
  tags: tags
  properties: {
    value: dataDatabasePassword
    contentType: 'text/plain'
  }
}

resource vaultDatabase 'Microsoft.DBforMySQL/flexibleServers@2023-12-30' = {
  name: '${name}-vault-database-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  sku: {
    name: 'Standard_B2s'
    tier: 'Burstable'
  }
  properties: {
    version: '8.0.21'
    administratorLogin: 'app'
    administratorLoginPassword: vaultDatabasePassword
    storage: {
      storageSizeGB: 20
      autoGrow: 'Enabled'
      autoIoScaling: 'Enabled'
    }
    backup: {
      backupRetentionDays: 1
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

resource vaultDatabaseSchema 'Microsoft.DBforMySQL/flexibleServers/databases@2023-12-30' = {
  parent: vaultDatabase
  name: 'environment'
  properties: {
    charset: 'utf8mb4'
    collation: 'utf8mb4_0900_ai_ci'
  }
}

resource vaultDatabaseRequireSecureTransport 'Microsoft.DBforMySQL/flexibleServers/configurations@2023-12-30' = {
  parent: vaultDatabase
  name: 'require_secure_transport'
  properties: {
    value: 'ON'
    source: 'user-override'
  }
  dependsOn: [
    vaultDatabaseSchema
  ]
}

resource vaultDatabaseTlsVersion 'Microsoft.DBforMySQL/flexibleServers/configurations@2023-12-30' = {
  parent: vaultDatabase
  name: 'tls_version'
  properties: {
    value: 'TLSv1.2,TLSv1.3'
    source: 'user-override'
  }
  dependsOn: [
    vaultDatabaseRequireSecureTransport
  ]
}

resource vaultDatabaseKeptSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'azure-vault-database-password'
  tags: tags
  properties: {
    value: vaultDatabasePassword
    contentType: 'text/plain'
  }
}

resource logWorkspaceCache 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: '${name}-log-workspace-cache-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  sku: {
    name: 'Balanced_B3'
  }
  properties: {
    minimumTlsVersion: '1.2'
    highAvailability: 'Enabled'
    publicNetworkAccess: 'Disabled'
  }
}

resource logWorkspaceCacheDatabase 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: logWorkspaceCache
  name: 'default'
  properties: {
    clientProtocol: 'Encrypted'
    port: 10000
    clusteringPolicy: 'EnterpriseCluster'
    evictionPolicy: 'VolatileLRU'
    accessKeysAuthentication: 'Enabled'
  }
}

resource logWorkspaceCacheDoor 'Microsoft.Network/privateEndpoints@2024-07-01' = {
  name: '${name}-log-workspace-cache-door'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: endpointsSubnetId
    }
    customNetworkInterfaceName: '${name}-log-workspace-cache-door-nic'
    privateLinkServiceConnections: [
      {
        name: 'redisEnterprise'
        properties: {
          privateLinkServiceId: logWorkspaceCache.id
          groupIds: [
            'redisEnterprise'
          ]
        }
      }
    ]
  }
}

resource logWorkspaceCacheDoorNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = {
  parent: logWorkspaceCacheDoor
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'redisEnterprise'
        properties: {
          privateDnsZoneId: redisNamesId
        }
      }
    ]
  }
}

resource logWorkspaceCacheKeptSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'azure-log-workspace-cache-password'
  tags: tags
  properties: {
    value: logWorkspaceCacheDatabase.listKeys().primaryKey
    contentType: 'text/plain'
  }
}

resource frontDoorBucket 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'environment${uniqueString(resourceGroup().id, 'front-door-bucket')}'
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
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Deny'
    }
  }
}

resource frontDoorBucketBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: frontDoorBucket
  name: 'default'
  properties: {
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    isVersioningEnabled: true
  }
}

resource frontDoorBucketContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: frontDoorBucketBlobs
  name: 'front-door-bucket'
}

resource frontDoorBucketRules 'Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01' = {
  parent: frontDoorBucket
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'old-files'
          enabled: true
          type: 'Lifecycle'
          definition: {
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: 30
                }
              }
            }
            filters: {
              blobTypes: [
                'blockBlob'
              ]
            }
          }
        }
      ]
    }
  }
  dependsOn: [
    frontDoorBucketBlobs
  ]
}

resource frontDoorBucketDoor 'Microsoft.Network/privateEndpoints@2024-07-01' = {
  name: '${name}-front-door-bucket-door'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: endpointsSubnetId
    }
    customNetworkInterfaceName: '${name}-front-door-bucket-door-nic'
    privateLinkServiceConnections: [
      {
        name: 'blob'
        properties: {
          privateLinkServiceId: frontDoorBucket.id
          groupIds: [
            'blob'
          ]
        }
      }
    ]
  }
}

resource frontDoorBucketDoorNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = {
  parent: frontDoorBucketDoor
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'blob'
        properties: {
          privateDnsZoneId: blobNamesId
        }
      }
    ]
  }
}

resource messageBusBucket 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'environment${uniqueString(resourceGroup().id, 'message-bus-bucket')}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_ZRS'
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: 'Deny'
    }
  }
}

resource messageBusBucketBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: messageBusBucket
  name: 'default'
  properties: {
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    deleteRetentionPolicy: {
      enabled: true
      days: 7
    }
    isVersioningEnabled: false
  }
}

resource messageBusBucketContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: messageBusBucketBlobs
  name: 'message-bus-bucket'
}

resource messageBusBucketDoor 'Microsoft.Network/privateEndpoints@2024-07-01' = {
  name: '${name}-message-bus-bucket-door'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: endpointsSubnetId
    }
    customNetworkInterfaceName: '${name}-message-bus-bucket-door-nic'
    privateLinkServiceConnections: [
      {
        name: 'blob'
        properties: {
          privateLinkServiceId: messageBusBucket.id
          groupIds: [
            'blob'
          ]
        }
      }
    ]
  }
}

resource messageBusBucketDoorNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = {
  parent: messageBusBucketDoor
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: 'blob'
        properties: {
          privateDnsZoneId: blobNamesId
        }
      }
    ]
  }
}

resource messageBus 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: '${name}-messages-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource imageRegistryQueue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: messageBus
  name: 'image-registry-queue'
  properties: {
    lockDuration: 'PT5M'
    defaultMessageTimeToLive: 'P4D'
    maxDeliveryCount: 900
    deadLetteringOnMessageExpiration: true
  }
}

resource imageRegistry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: 'environment${uniqueString(resourceGroup().id)}'
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

// Keeps the newest 20 images of the repository vault-images, and all that are younger than a month.
resource vaultImagesKeeping 'Microsoft.ContainerRegistry/registries/tasks@2025-03-01-preview' = {
  parent: imageRegistry
  name: 'keep-vault-images'
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
          '  - cmd: acr purge --filter \'vault-images:.*\' --ago 30d --keep 20 --untagged'
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

// Keeps the newest 20 images of the repository location-images, and all that are younger than a
// month.
resource locationImagesKeeping 'Microsoft.ContainerRegistry/registries/tasks@2025-03-01-preview' = {
  parent: imageRegistry
  name: 'keep-location-images'
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
          '  - cmd: acr purge --filter \'location-images:.*\' --ago 30d --keep 20 --untagged'
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

resource namesCode 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: functionStoreBlobs
  name: 'code-names'
}

resource anyCode 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: functionStoreBlobs
  name: 'code-any'
}

// Keeps the newest 20 images of the repository a-service-that-nobody-types-twice-a-day-images, and
// all that are younger than a month.
resource aServiceThatNobodyTypesTwiceADayImagesKeeping 'Microsoft.ContainerRegistry/registries/tasks@2025-03-01-preview' = {
  parent: imageRegistry
  name: 'keep-a-service-that-nobody-types-twice-a-da-988d11'
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
          '  - cmd: acr purge --filter \'a-service-that-nobody-types-twice-a-day-images:.*\' --ago 30d --keep 20 --untagged'
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

@description('name of anyCode')
output anyCodeName string = anyCode.name

@description('fullyQualifiedDomainName of dataDatabase')
output dataDatabaseFullyQualifiedDomainName string = dataDatabase.properties.fullyQualifiedDomainName

@description('blob of frontDoorBucket')
output frontDoorBucketBlob string = frontDoorBucket.properties.primaryEndpoints.blob

@description('blob of functionStore')
output functionStoreBlob string = functionStore.properties.primaryEndpoints.blob

@description('name of functionStore')
output functionStoreName string = functionStore.name

@description('loginServer of imageRegistry')
output imageRegistryLoginServer string = imageRegistry.properties.loginServer

@description('hostName of logWorkspaceCache')
output logWorkspaceCacheHostName string = logWorkspaceCache.properties.hostName

@description('blob of messageBusBucket')
output messageBusBucketBlob string = messageBusBucket.properties.primaryEndpoints.blob

@description('serviceBusEndpoint of messageBus')
output messageBusServiceBusEndpoint string = messageBus.properties.serviceBusEndpoint

@description('name of namesCode')
output namesCodeName string = namesCode.name

@description('fullyQualifiedDomainName of vaultDatabase')
output vaultDatabaseFullyQualifiedDomainName string = vaultDatabase.properties.fullyQualifiedDomainName

@description('name of vault')
output vaultName string = vault.name

@description('vaultUri of vault')
output vaultVaultUri string = vault.properties.vaultUri
