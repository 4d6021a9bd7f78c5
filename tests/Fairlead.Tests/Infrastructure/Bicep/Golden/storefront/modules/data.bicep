// Databases, caches, files, queues, secrets and images.

@description('Where all of it is')
param location string

@description('Written on everything')
param tags object

resource webFiles 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: 'storefront${uniqueString(resourceGroup().id, 'web-files')}'
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

resource imageRegistry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: 'storefront${uniqueString(resourceGroup().id)}'
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

@description('loginServer of imageRegistry')
output imageRegistryLoginServer string = imageRegistry.properties.loginServer

@description('blob of webFiles')
output webFilesBlob string = webFiles.properties.primaryEndpoints.blob
