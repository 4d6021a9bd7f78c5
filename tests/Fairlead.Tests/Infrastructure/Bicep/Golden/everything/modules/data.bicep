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

@description('id of postgresNames, of network.bicep')
param postgresNamesId string

@description('id of postgresSubnet, of network.bicep')
param postgresSubnetId string

@description('id of redisNames, of network.bicep')
param redisNamesId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: 'shop${uniqueString(resourceGroup().id)}'
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

resource vaultLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: vault
  name: 'protected'
  properties: {
    level: 'CanNotDelete'
    notes: 'Take this away first: then it can be removed.'
  }
}

resource functionStore 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'shop${uniqueString(resourceGroup().id, 'function-store')}'
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

resource webFiles 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'shop${uniqueString(resourceGroup().id, 'web-files')}'
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

resource webFilesBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: webFiles
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

resource webFilesContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: webFilesBlobs
  name: 'web-files'
}

resource webFilesRules 'Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01' = {
  parent: webFiles
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
    webFilesBlobs
  ]
}

resource mainDatabase 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: '${name}-main-database-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  sku: {
    name: 'Standard_D2ds_v5'
    tier: 'GeneralPurpose'
  }
  properties: {
    version: '16'
    administratorLogin: 'app'
    administratorLoginPassword: mainDatabasePassword
    authConfig: {
      activeDirectoryAuth: 'Disabled'
      passwordAuth: 'Enabled'
    }
    storage: {
      storageSizeGB: 32
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

resource mainDatabaseSchema 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: mainDatabase
  name: 'shop'
  properties: {
    charset: 'UTF8'
    collation: 'en_US.utf8'
  }
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

resource cacheCache 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: '${name}-cache-cache-${uniqueString(resourceGroup().id)}'
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

resource cacheCacheDatabase 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: cacheCache
  name: 'default'
  properties: {
    clientProtocol: 'Encrypted'
    port: 10000
    clusteringPolicy: 'EnterpriseCluster'
    evictionPolicy: 'VolatileLRU'
    accessKeysAuthentication: 'Enabled'
  }
}

resource cacheCacheDoor 'Microsoft.Network/privateEndpoints@2024-07-01' = {
  name: '${name}-cache-cache-door'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: endpointsSubnetId
    }
    customNetworkInterfaceName: '${name}-cache-cache-door-nic'
    privateLinkServiceConnections: [
      {
        name: 'redisEnterprise'
        properties: {
          privateLinkServiceId: cacheCache.id
          groupIds: [
            'redisEnterprise'
          ]
        }
      }
    ]
  }
}

resource cacheCacheDoorNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = {
  parent: cacheCacheDoor
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

resource cacheCacheKeptSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  parent: vault
  name: 'azure-cache-cache-password'
  tags: tags
  properties: {
    value: cacheCacheDatabase.listKeys().primaryKey
    contentType: 'text/plain'
  }
}

resource uploadsBucket 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'shop${uniqueString(resourceGroup().id, 'uploads-bucket')}'
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

resource uploadsBucketBlobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: uploadsBucket
  name: 'default'
  properties: {
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 30
    }
    deleteRetentionPolicy: {
      enabled: true
      days: 30
    }
    isVersioningEnabled: true
  }
}

resource uploadsBucketContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: uploadsBucketBlobs
  name: 'uploads-bucket'
}

resource uploadsBucketRules 'Microsoft.Storage/storageAccounts/managementPolicies@2025-01-01' = {
  parent: uploadsBucket
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
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 365
                }
              }
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
    uploadsBucketBlobs
  ]
}

resource uploadsBucketDoor 'Microsoft.Network/privateEndpoints@2024-07-01' = {
  name: '${name}-uploads-bucket-door'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: endpointsSubnetId
    }
    customNetworkInterfaceName: '${name}-uploads-bucket-door-nic'
    privateLinkServiceConnections: [
      {
        name: 'blob'
        properties: {
          privateLinkServiceId: uploadsBucket.id
          groupIds: [
            'blob'
          ]
        }
      }
    ]
  }
}

resource uploadsBucketDoorNames 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-07-01' = {
  parent: uploadsBucketDoor
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

resource uploadsBucketLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: uploadsBucket
  name: 'protected'
  properties: {
    level: 'CanNotDelete'
    notes: 'Take this away first: then it can be removed.'
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

resource messageBusLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: messageBus
  name: 'protected'
  properties: {
    level: 'CanNotDelete'
    notes: 'Take this away first: then it can be removed.'
  }
}

resource ordersQueue 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = {
  parent: messageBus
  name: 'orders-queue'
  properties: {
    lockDuration: 'PT30S'
    defaultMessageTimeToLive: 'P4D'
    maxDeliveryCount: 5
    deadLetteringOnMessageExpiration: true
  }
}

resource imageRegistry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: 'shop${uniqueString(resourceGroup().id)}'
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

// Keeps the newest 20 images of the repository worker-images, and all that are younger than a
// month.
resource workerImagesKeeping 'Microsoft.ContainerRegistry/registries/tasks@2025-03-01-preview' = {
  parent: imageRegistry
  name: 'keep-worker-images'
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
          '  - cmd: acr purge --filter \'worker-images:.*\' --ago 30d --keep 20 --untagged'
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

resource thumbnailsCode 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: functionStoreBlobs
  name: 'code-thumbnails'
}

@description('hostName of cacheCache')
output cacheCacheHostName string = cacheCache.properties.hostName

@description('id of cacheCache')
output cacheCacheId string = cacheCache.id

@description('blob of functionStore')
output functionStoreBlob string = functionStore.properties.primaryEndpoints.blob

@description('name of functionStore')
output functionStoreName string = functionStore.name

@description('loginServer of imageRegistry')
output imageRegistryLoginServer string = imageRegistry.properties.loginServer

@description('fullyQualifiedDomainName of mainDatabase')
output mainDatabaseFullyQualifiedDomainName string = mainDatabase.properties.fullyQualifiedDomainName

@description('id of mainDatabase')
output mainDatabaseId string = mainDatabase.id

@description('id of messageBus')
output messageBusId string = messageBus.id

@description('serviceBusEndpoint of messageBus')
output messageBusServiceBusEndpoint string = messageBus.properties.serviceBusEndpoint

@description('name of thumbnailsCode')
output thumbnailsCodeName string = thumbnailsCode.name

@description('blob of uploadsBucket')
output uploadsBucketBlob string = uploadsBucket.properties.primaryEndpoints.blob

@description('name of vault')
output vaultName string = vault.name

@description('vaultUri of vault')
output vaultVaultUri string = vault.properties.vaultUri

@description('blob of webFiles')
output webFilesBlob string = webFiles.properties.primaryEndpoints.blob
