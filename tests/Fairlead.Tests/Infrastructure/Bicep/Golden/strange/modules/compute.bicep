// What runs programs.

@description('Image of a-service-that-nobody-types-twice-a-day with its digest; while there is none, nothing of it runs')
param aServiceThatNobodyTypesTwiceADayImage string

@description('Where all of it is')
param location string

@description('Image of location with its digest; while there is none, nothing of it runs')
param locationImage string

@description('Public key of SSH, which machines want to have; nobody reaches them from outside with it')
param machineKey string

@description('User of machines to whom that key belongs')
param machineUser string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

@description('Image of vault with its digest; while there is none, nothing of it runs')
param vaultImage string

@description('Shares of traffic of vault, such as { revisionName: "vault--42", weight: 10 }; the newest revision takes all when empty')
param vaultTraffic array

@description('clientId of aServiceThatNobodyTypesTwiceADayIdentity, of access.bicep')
param aServiceThatNobodyTypesTwiceADayIdentityClientId string

@description('id of aServiceThatNobodyTypesTwiceADayIdentity, of access.bicep')
param aServiceThatNobodyTypesTwiceADayIdentityId string

@description('id of aServiceThatNobodyTypesTwiceADayStarter, of access.bicep')
param aServiceThatNobodyTypesTwiceADayStarterId string

@description('name of anyCode, of data.bicep')
param anyCodeName string

@description('clientId of anyIdentity, of access.bicep')
param anyIdentityClientId string

@description('id of anyIdentity, of access.bicep')
param anyIdentityId string

@description('id of containersSubnet, of network.bicep')
param containersSubnetId string

@description('fullyQualifiedDomainName of dataDatabase, of data.bicep')
param dataDatabaseFullyQualifiedDomainName string

@description('id of doorsSubnet, of network.bicep')
param doorsSubnetId string

@description('blob of frontDoorBucket, of data.bicep')
param frontDoorBucketBlob string

@description('blob of functionStore, of data.bicep')
param functionStoreBlob string

@description('name of functionStore, of data.bicep')
param functionStoreName string

@description('id of functionsSubnet, of network.bicep')
param functionsSubnetId string

@description('loginServer of imageRegistry, of data.bicep')
param imageRegistryLoginServer string

@description('ConnectionString of insights, of logs.bicep')
param insightsConnectionString string

@description('clientId of locationIdentity, of access.bicep')
param locationIdentityClientId string

@description('id of locationIdentity, of access.bicep')
param locationIdentityId string

@description('id of locationStarter, of access.bicep')
param locationStarterId string

@description('hostName of logWorkspaceCache, of data.bicep')
param logWorkspaceCacheHostName string

@description('id of logWorkspace, of logs.bicep')
param logWorkspaceId string

@description('id of machinesSubnet, of network.bicep')
param machinesSubnetId string

@description('blob of messageBusBucket, of data.bicep')
param messageBusBucketBlob string

@description('serviceBusEndpoint of messageBus, of data.bicep')
param messageBusServiceBusEndpoint string

@description('name of namesCode, of data.bicep')
param namesCodeName string

@description('clientId of namesIdentity, of access.bicep')
param namesIdentityClientId string

@description('id of namesIdentity, of access.bicep')
param namesIdentityId string

@description('clientId of resourceGroupIdentity, of access.bicep')
param resourceGroupIdentityClientId string

@description('id of resourceGroupIdentity, of access.bicep')
param resourceGroupIdentityId string

@description('fullyQualifiedDomainName of vaultDatabase, of data.bicep')
param vaultDatabaseFullyQualifiedDomainName string

@description('clientId of vaultIdentity, of access.bicep')
param vaultIdentityClientId string

@description('id of vaultIdentity, of access.bicep')
param vaultIdentityId string

@description('id of vaultStarter, of access.bicep')
param vaultStarterId string

@description('vaultUri of vault, of data.bicep')
param vaultVaultUri string

resource containers 'Microsoft.App/managedEnvironments@2025-07-01' = {
  name: '${name}-containers'
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    peerTrafficConfiguration: {
      encryption: {
        enabled: true
      }
    }
    publicNetworkAccess: 'Disabled'
    vnetConfiguration: {
      infrastructureSubnetId: containersSubnetId
      internal: false
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
      {
        name: 'D8'
        workloadProfileType: 'D8'
        minimumCount: 1
        maximumCount: 4
      }
    ]
    zoneRedundant: true
  }
}

resource containersLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: containers
  name: 'logs'
  properties: {
    workspaceId: logWorkspaceId
    logs: [
      {
        categoryGroup: 'allLogs'
        enabled: true
      }
    ]
  }
}

resource vault2 'Microsoft.App/containerApps@2025-07-01' = if (!empty(vaultImage)) {
  name: 'vault'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${vaultIdentityId}': {}
      '${vaultStarterId}': {}
    }
  }
  properties: {
    environmentId: containers.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: empty(vaultTraffic) ? 'Single' : 'Multiple'
      ingress: {
        external: true
        targetPort: 8080
        transport: 'auto'
        allowInsecure: true
        traffic: empty(vaultTraffic)
          ? [
              {
                latestRevision: true
                weight: 100
              }
            ]
          : vaultTraffic
      }
      registries: [
        {
          server: imageRegistryLoginServer
          identity: vaultStarterId
        }
      ]
      secrets: [
        {
          name: 'azure-data-database-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-data-database-password'
          identity: vaultStarterId
        }
        {
          name: 'azure-log-workspace-cache-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-log-workspace-cache-password'
          identity: vaultStarterId
        }
        {
          name: 'azure-vault-database-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-vault-database-password'
          identity: vaultStarterId
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'vault'
          image: vaultImage
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          env: [
            {
              name: 'A'
              value: '\${name}'
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: vaultIdentityClientId
            }
            {
              name: 'B'
              value: 'it\'s'
            }
            {
              name: 'C'
              value: join(
                [
                  'line'
                  '"two"\\'
                  'three'
                  ''
                ],
                '\n'
              )
            }
            {
              name: 'D'
              value: '\'\'\''
            }
            {
              name: 'DATA_DATABASE_HOST'
              value: dataDatabaseFullyQualifiedDomainName
            }
            {
              name: 'DATA_DATABASE_NAME'
              value: 'environment'
            }
            {
              name: 'DATA_DATABASE_PORT'
              value: '5432'
            }
            {
              name: 'DATA_DATABASE_USER'
              value: 'app'
            }
            {
              name: 'E'
              value: '@description(\'x\')'
            }
            {
              name: 'FRONT_DOOR_BUCKET'
              value: '${frontDoorBucketBlob}front-door-bucket'
            }
            {
              name: 'IMAGE_REGISTRY_QUEUE_URL'
              value: '${messageBusServiceBusEndpoint}image-registry-queue'
            }
            {
              name: 'MESSAGE_BUS_BUCKET'
              value: '${messageBusBucketBlob}message-bus-bucket'
            }
            {
              name: 'PORT'
              value: '8080'
            }
            {
              name: 'SOMETHING_HOST'
              value: logWorkspaceCacheHostName
            }
            {
              name: 'SOMETHING_PORT'
              value: '10000'
            }
            {
              name: 'VAULT_DATABASE_HOST'
              value: vaultDatabaseFullyQualifiedDomainName
            }
            {
              name: 'VAULT_DATABASE_NAME'
              value: 'environment'
            }
            {
              name: 'VAULT_DATABASE_PORT'
              value: '3306'
            }
            {
              name: 'VAULT_DATABASE_USER'
              value: 'app'
            }
            {
              name: 'DATA_DATABASE_PASSWORD'
              secretRef: 'azure-data-database-password'
            }
            {
              name: 'SOMETHING_PASSWORD'
              secretRef: 'azure-log-workspace-cache-password'
            }
            {
              name: 'VAULT_DATABASE_PASSWORD'
              secretRef: 'azure-vault-database-password'
            }
          ]
          probes: [
            {
              type: 'Startup'
              tcpSocket: {
                port: 8080
              }
              periodSeconds: 2
              failureThreshold: 30
            }
            {
              type: 'Readiness'
              tcpSocket: {
                port: 8080
              }
              periodSeconds: 5
              failureThreshold: 3
            }
            {
              type: 'Liveness'
              tcpSocket: {
                port: 8080
              }
              periodSeconds: 10
              failureThreshold: 6
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
    }
  }
}

resource location2 'Microsoft.App/containerApps@2025-07-01' = if (!empty(locationImage)) {
  name: 'location'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${locationIdentityId}': {}
      '${locationStarterId}': {}
    }
  }
  properties: {
    environmentId: containers.id
    workloadProfileName: 'D8'
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [
        {
          server: imageRegistryLoginServer
          identity: locationStarterId
        }
      ]
      secrets: [
        {
          name: 'azure-data-database-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-data-database-password'
          identity: locationStarterId
        }
        {
          name: 'azure-log-workspace-cache-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-log-workspace-cache-password'
          identity: locationStarterId
        }
        {
          name: 'azure-vault-database-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-vault-database-password'
          identity: locationStarterId
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'location'
          image: locationImage
          resources: {
            cpu: 6
            memory: '24Gi'
          }
          env: [
            {
              name: 'AZURE_CLIENT_ID'
              value: locationIdentityClientId
            }
            {
              name: 'DATA_DATABASE_HOST'
              value: dataDatabaseFullyQualifiedDomainName
            }
            {
              name: 'DATA_DATABASE_NAME'
              value: 'environment'
            }
            {
              name: 'DATA_DATABASE_PORT'
              value: '5432'
            }
            {
              name: 'DATA_DATABASE_USER'
              value: 'app'
            }
            {
              name: 'FRONT_DOOR_BUCKET'
              value: '${frontDoorBucketBlob}front-door-bucket'
            }
            {
              name: 'IMAGE_REGISTRY_QUEUE_URL'
              value: '${messageBusServiceBusEndpoint}image-registry-queue'
            }
            {
              name: 'MESSAGE_BUS_BUCKET'
              value: '${messageBusBucketBlob}message-bus-bucket'
            }
            {
              name: 'SOMETHING_HOST'
              value: logWorkspaceCacheHostName
            }
            {
              name: 'SOMETHING_PORT'
              value: '10000'
            }
            {
              name: 'VAULT_DATABASE_HOST'
              value: vaultDatabaseFullyQualifiedDomainName
            }
            {
              name: 'VAULT_DATABASE_NAME'
              value: 'environment'
            }
            {
              name: 'VAULT_DATABASE_PORT'
              value: '3306'
            }
            {
              name: 'VAULT_DATABASE_USER'
              value: 'app'
            }
            {
              name: 'VAULT_URL'
              value: 'http://vault'
            }
            {
              name: 'DATA_DATABASE_PASSWORD'
              secretRef: 'azure-data-database-password'
            }
            {
              name: 'SOMETHING_PASSWORD'
              secretRef: 'azure-log-workspace-cache-password'
            }
            {
              name: 'VAULT_DATABASE_PASSWORD'
              secretRef: 'azure-vault-database-password'
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: 4
        rules: [
          {
            name: 'memory'
            custom: {
              type: 'memory'
              metadata: {
                type: 'Utilization'
                value: '60'
              }
            }
          }
        ]
      }
    }
  }
}

resource resourceGroupBalancer 'Microsoft.Network/loadBalancers@2024-07-01' = {
  name: '${name}-resource-group-balancer'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    frontendIPConfigurations: [
      {
        name: 'front'
        zones: [
          '1'
          '2'
        ]
        properties: {
          privateIPAllocationMethod: 'Dynamic'
          subnet: {
            id: doorsSubnetId
          }
        }
      }
    ]
    backendAddressPools: [
      {
        name: 'machines'
      }
    ]
    probes: [
      {
        name: 'health'
        properties: {
          protocol: 'Http'
          port: 8080
          requestPath: '/'
          intervalInSeconds: 5
          probeThreshold: 2
        }
      }
    ]
    loadBalancingRules: [
      {
        name: 'requests'
        properties: {
          protocol: 'Tcp'
          frontendPort: 8080
          backendPort: 8080
          disableOutboundSnat: true
          enableTcpReset: true
          idleTimeoutInMinutes: 4
          frontendIPConfiguration: {
            id: resourceId(
              'Microsoft.Network/loadBalancers/frontendIPConfigurations',
              '${name}-resource-group-balancer',
              'front'
            )
          }
          backendAddressPool: {
            id: resourceId(
              'Microsoft.Network/loadBalancers/backendAddressPools',
              '${name}-resource-group-balancer',
              'machines'
            )
          }
          probe: {
            id: resourceId('Microsoft.Network/loadBalancers/probes', '${name}-resource-group-balancer', 'health')
          }
        }
      }
    ]
  }
}

resource resourceGroupLink 'Microsoft.Network/privateLinkServices@2024-07-01' = {
  name: '${name}-resource-group-link'
  location: location
  tags: tags
  properties: {
    loadBalancerFrontendIpConfigurations: [
      {
        id: resourceGroupBalancer.properties.frontendIPConfigurations[0].id
      }
    ]
    ipConfigurations: [
      {
        name: 'link'
        properties: {
          primary: true
          privateIPAddressVersion: 'IPv4'
          privateIPAllocationMethod: 'Dynamic'
          subnet: {
            id: doorsSubnetId
          }
        }
      }
    ]
  }
}

resource resourceGroup2 'Microsoft.Compute/virtualMachineScaleSets@2024-11-01' = {
  name: '${name}-resource-group'
  location: location
  tags: tags
  sku: {
    name: 'Standard_D4as_v5'
    capacity: 1
  }
  zones: [
    '1'
    '2'
  ]
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${resourceGroupIdentityId}': {}
    }
  }
  properties: {
    orchestrationMode: 'Flexible'
    platformFaultDomainCount: 1
    singlePlacementGroup: false
    upgradePolicy: {
      mode: 'Rolling'
      rollingUpgradePolicy: {
        maxSurge: true
        maxBatchInstancePercent: 20
        maxUnhealthyInstancePercent: 20
        maxUnhealthyUpgradedInstancePercent: 20
        pauseTimeBetweenBatches: 'PT30S'
        rollbackFailedInstancesOnPolicyBreach: true
      }
    }
    automaticRepairsPolicy: {
      enabled: true
      gracePeriod: 'PT10M'
    }
    virtualMachineProfile: {
      securityProfile: {
        securityType: 'TrustedLaunch'
        uefiSettings: {
          secureBootEnabled: true
          vTpmEnabled: true
        }
      }
      osProfile: {
        computerNamePrefix: 're-de4d12'
        adminUsername: machineUser
        customData: base64(join(
          [
            '#!/bin/sh'
            'set -eu'
            'install -d -m 0750 /etc/fairlead'
            ': > /etc/fairlead/resource-group.env'
            'chmod 0640 /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'AZURE_CLIENT_ID=${resourceGroupIdentityClientId}\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'DATA_DATABASE_HOST=${dataDatabaseFullyQualifiedDomainName}\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'DATA_DATABASE_NAME=environment\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'DATA_DATABASE_PORT=5432\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'DATA_DATABASE_USER=app\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'FRONT_DOOR_BUCKET=${'${frontDoorBucketBlob}front-door-bucket'}\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'IMAGE_REGISTRY_QUEUE_URL=${'${messageBusServiceBusEndpoint}image-registry-queue'}\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'MESSAGE_BUS_BUCKET=${'${messageBusBucketBlob}message-bus-bucket'}\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'PORT=8080\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'SOMETHING_HOST=${logWorkspaceCacheHostName}\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'SOMETHING_PORT=10000\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'VAULT_DATABASE_HOST=${vaultDatabaseFullyQualifiedDomainName}\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'VAULT_DATABASE_NAME=environment\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'VAULT_DATABASE_PORT=3306\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'VAULT_DATABASE_USER=app\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'DATA_DATABASE_PASSWORD_URL=${'${vaultVaultUri}secrets/azure-data-database-password'}\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'SOMETHING_PASSWORD_URL=${'${vaultVaultUri}secrets/azure-log-workspace-cache-password'}\' >> /etc/fairlead/resource-group.env'
            'printf \'%s\\n\' \'VAULT_DATABASE_PASSWORD_URL=${'${vaultVaultUri}secrets/azure-vault-database-password'}\' >> /etc/fairlead/resource-group.env'
            ''
          ],
          '\n'
        ))
        linuxConfiguration: {
          disablePasswordAuthentication: true
          ssh: {
            publicKeys: [
              {
                path: '/home/${machineUser}/.ssh/authorized_keys'
                keyData: machineKey
              }
            ]
          }
        }
      }
      storageProfile: {
        imageReference: {
          publisher: 'Canonical'
          offer: 'ubuntu-24_04-lts'
          sku: 'server'
          version: 'latest'
        }
        osDisk: {
          createOption: 'FromImage'
          diskSizeGB: 30
          managedDisk: {
            storageAccountType: 'Premium_LRS'
          }
        }
      }
      networkProfile: {
        networkApiVersion: '2022-11-01'
        networkInterfaceConfigurations: [
          {
            name: 'primary'
            properties: {
              primary: true
              ipConfigurations: [
                {
                  name: 'primary'
                  properties: {
                    primary: true
                    subnet: {
                      id: machinesSubnetId
                    }
                    loadBalancerBackendAddressPools: [
                      {
                        id: resourceGroupBalancer.properties.backendAddressPools[0].id
                      }
                    ]
                  }
                }
              ]
            }
          }
        ]
      }
      diagnosticsProfile: {
        bootDiagnostics: {
          enabled: true
        }
      }
      extensionProfile: {
        extensions: [
          {
            name: 'health'
            properties: {
              publisher: 'Microsoft.ManagedServices'
              type: 'ApplicationHealthLinux'
              typeHandlerVersion: '2.0'
              autoUpgradeMinorVersion: true
              enableAutomaticUpgrade: true
              settings: {
                protocol: 'tcp'
                port: 8080
              }
            }
          }
        ]
      }
    }
  }
}

resource namesPlan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${name}-names-plan'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource names2 'Microsoft.Web/sites@2024-04-01' = {
  name: '${name}-names-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${namesIdentityId}': {}
    }
  }
  properties: {
    serverFarmId: namesPlan.id
    httpsOnly: true
    keyVaultReferenceIdentity: namesIdentityId
    publicNetworkAccess: 'Disabled'
    virtualNetworkSubnetId: functionsSubnetId
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${functionStoreBlob}${namesCodeName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: namesIdentityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '8.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 512
        maximumInstanceCount: 100
      }
    }
  }
}

resource namesSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: names2
  name: 'appsettings'
  properties: {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${namesIdentityClientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    AZURE_CLIENT_ID: namesIdentityClientId
    AzureWebJobsStorage__accountName: functionStoreName
    AzureWebJobsStorage__clientId: namesIdentityClientId
    AzureWebJobsStorage__credential: 'managedidentity'
    DATA_DATABASE_HOST: dataDatabaseFullyQualifiedDomainName
    DATA_DATABASE_NAME: 'environment'
    DATA_DATABASE_PASSWORD: '@Microsoft.KeyVault(SecretUri=${vaultVaultUri}secrets/azure-data-database-password)'
    DATA_DATABASE_PORT: '5432'
    DATA_DATABASE_USER: 'app'
    FRONT_DOOR_BUCKET: '${frontDoorBucketBlob}front-door-bucket'
    IMAGE_REGISTRY_QUEUE_URL: '${messageBusServiceBusEndpoint}image-registry-queue'
    MESSAGE_BUS_BUCKET: '${messageBusBucketBlob}message-bus-bucket'
    NAMES_KEY: '@Microsoft.KeyVault(SecretUri=${vaultVaultUri}secrets/names-key)'
    SOMETHING_HOST: logWorkspaceCacheHostName
    SOMETHING_PASSWORD: '@Microsoft.KeyVault(SecretUri=${vaultVaultUri}secrets/azure-log-workspace-cache-password)'
    SOMETHING_PORT: '10000'
    VAULT_DATABASE_HOST: vaultDatabaseFullyQualifiedDomainName
    VAULT_DATABASE_NAME: 'environment'
    VAULT_DATABASE_PASSWORD: '@Microsoft.KeyVault(SecretUri=${vaultVaultUri}secrets/azure-vault-database-password)'
    VAULT_DATABASE_PORT: '3306'
    VAULT_DATABASE_USER: 'app'
  }
}

resource namesFtpPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: names2
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource namesScmPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: names2
  name: 'scm'
  properties: {
    allow: false
  }
}

resource anyPlan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${name}-any-plan'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource any2 'Microsoft.Web/sites@2024-04-01' = {
  name: '${name}-any-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${anyIdentityId}': {}
    }
  }
  properties: {
    serverFarmId: anyPlan.id
    httpsOnly: true
    keyVaultReferenceIdentity: anyIdentityId
    publicNetworkAccess: 'Disabled'
    virtualNetworkSubnetId: functionsSubnetId
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${functionStoreBlob}${anyCodeName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: anyIdentityId
          }
        }
      }
      runtime: {
        name: 'custom'
        version: '1.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 512
        maximumInstanceCount: 100
      }
    }
  }
}

resource anySettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: any2
  name: 'appsettings'
  properties: {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${anyIdentityClientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    AZURE_CLIENT_ID: anyIdentityClientId
    AzureWebJobsStorage__accountName: functionStoreName
    AzureWebJobsStorage__clientId: anyIdentityClientId
    AzureWebJobsStorage__credential: 'managedidentity'
    DATA_DATABASE_HOST: dataDatabaseFullyQualifiedDomainName
    DATA_DATABASE_NAME: 'environment'
    DATA_DATABASE_PASSWORD: '@Microsoft.KeyVault(SecretUri=${vaultVaultUri}secrets/azure-data-database-password)'
    DATA_DATABASE_PORT: '5432'
    DATA_DATABASE_USER: 'app'
    FRONT_DOOR_BUCKET: '${frontDoorBucketBlob}front-door-bucket'
    IMAGE_REGISTRY_QUEUE_URL: '${messageBusServiceBusEndpoint}image-registry-queue'
    MESSAGE_BUS_BUCKET: '${messageBusBucketBlob}message-bus-bucket'
    SOMETHING_HOST: logWorkspaceCacheHostName
    SOMETHING_PASSWORD: '@Microsoft.KeyVault(SecretUri=${vaultVaultUri}secrets/azure-log-workspace-cache-password)'
    SOMETHING_PORT: '10000'
    VAULT_DATABASE_HOST: vaultDatabaseFullyQualifiedDomainName
    VAULT_DATABASE_NAME: 'environment'
    VAULT_DATABASE_PASSWORD: '@Microsoft.KeyVault(SecretUri=${vaultVaultUri}secrets/azure-vault-database-password)'
    VAULT_DATABASE_PORT: '3306'
    VAULT_DATABASE_USER: 'app'
  }
}

resource anyFtpPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: any2
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource anyScmPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: any2
  name: 'scm'
  properties: {
    allow: false
  }
}

resource aServiceThatNobodyTypesTwiceADay 'Microsoft.App/containerApps@2025-07-01' = if (!empty(aServiceThatNobodyTypesTwiceADayImage)) {
  name: 'a-service-that-nobody-typ-36dabf'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${aServiceThatNobodyTypesTwiceADayIdentityId}': {}
      '${aServiceThatNobodyTypesTwiceADayStarterId}': {}
    }
  }
  properties: {
    environmentId: containers.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [
        {
          server: imageRegistryLoginServer
          identity: aServiceThatNobodyTypesTwiceADayStarterId
        }
      ]
      secrets: [
        {
          name: 'azure-data-database-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-data-database-password'
          identity: aServiceThatNobodyTypesTwiceADayStarterId
        }
        {
          name: 'azure-log-workspace-cache-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-log-workspace-cache-password'
          identity: aServiceThatNobodyTypesTwiceADayStarterId
        }
        {
          name: 'azure-vault-database-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-vault-database-password'
          identity: aServiceThatNobodyTypesTwiceADayStarterId
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'a-service-that-nobody-typ-36dabf'
          image: aServiceThatNobodyTypesTwiceADayImage
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          env: [
            {
              name: 'AZURE_CLIENT_ID'
              value: aServiceThatNobodyTypesTwiceADayIdentityClientId
            }
            {
              name: 'DATA_DATABASE_HOST'
              value: dataDatabaseFullyQualifiedDomainName
            }
            {
              name: 'DATA_DATABASE_NAME'
              value: 'environment'
            }
            {
              name: 'DATA_DATABASE_PORT'
              value: '5432'
            }
            {
              name: 'DATA_DATABASE_USER'
              value: 'app'
            }
            {
              name: 'FRONT_DOOR_BUCKET'
              value: '${frontDoorBucketBlob}front-door-bucket'
            }
            {
              name: 'IMAGE_REGISTRY_QUEUE_URL'
              value: '${messageBusServiceBusEndpoint}image-registry-queue'
            }
            {
              name: 'MESSAGE_BUS_BUCKET'
              value: '${messageBusBucketBlob}message-bus-bucket'
            }
            {
              name: 'SOMETHING_HOST'
              value: logWorkspaceCacheHostName
            }
            {
              name: 'SOMETHING_PORT'
              value: '10000'
            }
            {
              name: 'VAULT_DATABASE_HOST'
              value: vaultDatabaseFullyQualifiedDomainName
            }
            {
              name: 'VAULT_DATABASE_NAME'
              value: 'environment'
            }
            {
              name: 'VAULT_DATABASE_PORT'
              value: '3306'
            }
            {
              name: 'VAULT_DATABASE_USER'
              value: 'app'
            }
            {
              name: 'DATA_DATABASE_PASSWORD'
              secretRef: 'azure-data-database-password'
            }
            {
              name: 'SOMETHING_PASSWORD'
              secretRef: 'azure-log-workspace-cache-password'
            }
            {
              name: 'VAULT_DATABASE_PASSWORD'
              secretRef: 'azure-vault-database-password'
            }
          ]
        }
      ]
      scale: {
        minReplicas: 1
        maxReplicas: 1
      }
    }
  }
}

@description('defaultHostName of any2')
output any2DefaultHostName string = any2.properties.defaultHostName

@description('name of any2')
output any2Name string = any2.name

@description('defaultDomain of containers')
output containersDefaultDomain string = containers.properties.defaultDomain

@description('id of containers')
output containersId string = containers.id

@description('defaultHostName of names2')
output names2DefaultHostName string = names2.properties.defaultHostName

@description('name of names2')
output names2Name string = names2.name

@description('name of resourceGroup2')
output resourceGroup2Name string = resourceGroup2.name

@description('privateIPAddress of resourceGroupBalancer')
output resourceGroupBalancerPrivateIPAddress string = resourceGroupBalancer.properties.frontendIPConfigurations[0].properties.privateIPAddress

@description('id of resourceGroupLink')
output resourceGroupLinkId string = resourceGroupLink.id
