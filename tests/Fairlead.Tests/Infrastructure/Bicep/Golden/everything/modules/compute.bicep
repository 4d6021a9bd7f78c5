// What runs programs.

@description('Image of api with its digest; while there is none, nothing of it runs')
param apiImage string

@description('Shares of traffic of api, such as { revisionName: "api--42", weight: 10 }; the newest revision takes all when empty')
param apiTraffic array

@description('Where all of it is')
param location string

@description('Public key of SSH, which machines want to have; nobody reaches them from outside with it')
param machineKey string

@description('User of machines to whom that key belongs')
param machineUser string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

@description('Image of worker with its digest; while there is none, nothing of it runs')
param workerImage string

@description('clientId of apiIdentity, of access.bicep')
param apiIdentityClientId string

@description('id of apiIdentity, of access.bicep')
param apiIdentityId string

@description('id of apiStarter, of access.bicep')
param apiStarterId string

@description('hostName of cacheCache, of data.bicep')
param cacheCacheHostName string

@description('id of containersSubnet, of network.bicep')
param containersSubnetId string

@description('id of doorsSubnet, of network.bicep')
param doorsSubnetId string

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

@description('clientId of legacyIdentity, of access.bicep')
param legacyIdentityClientId string

@description('id of legacyIdentity, of access.bicep')
param legacyIdentityId string

@description('id of logWorkspace, of logs.bicep')
param logWorkspaceId string

@description('id of machinesSubnet, of network.bicep')
param machinesSubnetId string

@description('fullyQualifiedDomainName of mainDatabase, of data.bicep')
param mainDatabaseFullyQualifiedDomainName string

@description('serviceBusEndpoint of messageBus, of data.bicep')
param messageBusServiceBusEndpoint string

@description('name of thumbnailsCode, of data.bicep')
param thumbnailsCodeName string

@description('clientId of thumbnailsIdentity, of access.bicep')
param thumbnailsIdentityClientId string

@description('id of thumbnailsIdentity, of access.bicep')
param thumbnailsIdentityId string

@description('blob of uploadsBucket, of data.bicep')
param uploadsBucketBlob string

@description('vaultUri of vault, of data.bicep')
param vaultVaultUri string

@description('clientId of workerIdentity, of access.bicep')
param workerIdentityClientId string

@description('id of workerIdentity, of access.bicep')
param workerIdentityId string

@description('id of workerStarter, of access.bicep')
param workerStarterId string

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

resource api 'Microsoft.App/containerApps@2025-07-01' = if (!empty(apiImage)) {
  name: 'api'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${apiIdentityId}': {}
      '${apiStarterId}': {}
    }
  }
  properties: {
    environmentId: containers.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: empty(apiTraffic) ? 'Single' : 'Multiple'
      ingress: {
        external: true
        targetPort: 8080
        transport: 'auto'
        allowInsecure: true
        traffic: empty(apiTraffic)
          ? [
              {
                latestRevision: true
                weight: 100
              }
            ]
          : apiTraffic
      }
      registries: [
        {
          server: imageRegistryLoginServer
          identity: apiStarterId
        }
      ]
      secrets: [
        {
          name: 'azure-main-database-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-main-database-password'
          identity: apiStarterId
        }
        {
          name: 'azure-cache-cache-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-cache-cache-password'
          identity: apiStarterId
        }
        {
          name: 'stripe-key'
          keyVaultUrl: '${vaultVaultUri}secrets/stripe-key'
          identity: apiStarterId
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'api'
          image: apiImage
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          env: [
            {
              name: 'AZURE_CLIENT_ID'
              value: apiIdentityClientId
            }
            {
              name: 'DATABASE_HOST'
              value: mainDatabaseFullyQualifiedDomainName
            }
            {
              name: 'DATABASE_NAME'
              value: 'shop'
            }
            {
              name: 'DATABASE_PORT'
              value: '5432'
            }
            {
              name: 'DATABASE_USER'
              value: 'app'
            }
            {
              name: 'ORDERS_QUEUE_URL'
              value: '${messageBusServiceBusEndpoint}orders-queue'
            }
            {
              name: 'PORT'
              value: '8080'
            }
            {
              name: 'REDIS_HOST'
              value: cacheCacheHostName
            }
            {
              name: 'REDIS_PORT'
              value: '10000'
            }
            {
              name: 'UPLOADS_BUCKET'
              value: '${uploadsBucketBlob}uploads-bucket'
            }
            {
              name: 'DATABASE_PASSWORD'
              secretRef: 'azure-main-database-password'
            }
            {
              name: 'REDIS_PASSWORD'
              secretRef: 'azure-cache-cache-password'
            }
            {
              name: 'STRIPE_KEY'
              secretRef: 'stripe-key'
            }
          ]
          probes: [
            {
              type: 'Startup'
              httpGet: {
                path: '/healthz'
                port: 8080
              }
              periodSeconds: 2
              failureThreshold: 30
            }
            {
              type: 'Readiness'
              httpGet: {
                path: '/healthz'
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
        minReplicas: 2
        maxReplicas: 6
        rules: [
          {
            name: 'cpu'
            custom: {
              type: 'cpu'
              metadata: {
                type: 'Utilization'
                value: '70'
              }
            }
          }
        ]
      }
    }
  }
}

resource worker 'Microsoft.App/containerApps@2025-07-01' = if (!empty(workerImage)) {
  name: 'worker'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${workerIdentityId}': {}
      '${workerStarterId}': {}
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
          identity: workerStarterId
        }
      ]
      secrets: [
        {
          name: 'azure-main-database-password'
          keyVaultUrl: '${vaultVaultUri}secrets/azure-main-database-password'
          identity: workerStarterId
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'worker'
          image: workerImage
          resources: {
            cpu: json('0.25')
            memory: '0.5Gi'
          }
          env: [
            {
              name: 'API_URL'
              value: 'http://api'
            }
            {
              name: 'AZURE_CLIENT_ID'
              value: workerIdentityClientId
            }
            {
              name: 'DATABASE_HOST'
              value: mainDatabaseFullyQualifiedDomainName
            }
            {
              name: 'DATABASE_NAME'
              value: 'shop'
            }
            {
              name: 'DATABASE_PORT'
              value: '5432'
            }
            {
              name: 'DATABASE_USER'
              value: 'app'
            }
            {
              name: 'ORDERS_QUEUE_URL'
              value: '${messageBusServiceBusEndpoint}orders-queue'
            }
            {
              name: 'UPLOADS_BUCKET'
              value: '${uploadsBucketBlob}uploads-bucket'
            }
            {
              name: 'DATABASE_PASSWORD'
              secretRef: 'azure-main-database-password'
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

resource legacyBalancer 'Microsoft.Network/loadBalancers@2024-07-01' = {
  name: '${name}-legacy-balancer'
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
              '${name}-legacy-balancer',
              'front'
            )
          }
          backendAddressPool: {
            id: resourceId('Microsoft.Network/loadBalancers/backendAddressPools', '${name}-legacy-balancer', 'machines')
          }
          probe: {
            id: resourceId('Microsoft.Network/loadBalancers/probes', '${name}-legacy-balancer', 'health')
          }
        }
      }
    ]
  }
}

resource legacyLink 'Microsoft.Network/privateLinkServices@2024-07-01' = {
  name: '${name}-legacy-link'
  location: location
  tags: tags
  properties: {
    loadBalancerFrontendIpConfigurations: [
      {
        id: legacyBalancer.properties.frontendIPConfigurations[0].id
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

resource legacy 'Microsoft.Compute/virtualMachineScaleSets@2024-11-01' = {
  name: '${name}-legacy'
  location: location
  tags: tags
  sku: {
    name: 'Standard_B2as_v2'
    capacity: 1
  }
  zones: [
    '1'
    '2'
  ]
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${legacyIdentityId}': {}
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
        computerNamePrefix: 'legacy'
        adminUsername: machineUser
        customData: base64(join(
          [
            '#!/bin/sh'
            'set -eu'
            'install -d -m 0750 /etc/fairlead'
            ': > /etc/fairlead/legacy.env'
            'chmod 0640 /etc/fairlead/legacy.env'
            'printf \'%s\\n\' \'AZURE_CLIENT_ID=${legacyIdentityClientId}\' >> /etc/fairlead/legacy.env'
            'printf \'%s\\n\' \'PORT=8080\' >> /etc/fairlead/legacy.env'
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
                        id: legacyBalancer.properties.backendAddressPools[0].id
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

resource legacyScaling 'Microsoft.Insights/autoscaleSettings@2022-10-01' = {
  name: '${name}-legacy-scaling'
  location: location
  tags: tags
  properties: {
    enabled: true
    targetResourceUri: legacy.id
    profiles: [
      {
        name: 'by-load'
        capacity: {
          minimum: '1'
          maximum: '3'
          default: '1'
        }
        rules: [
          {
            metricTrigger: {
              metricName: 'Percentage CPU'
              metricResourceUri: legacy.id
              operator: 'GreaterThan'
              threshold: 60
              statistic: 'Average'
              timeAggregation: 'Average'
              timeGrain: 'PT1M'
              timeWindow: 'PT5M'
            }
            scaleAction: {
              direction: 'Increase'
              type: 'ChangeCount'
              value: '1'
              cooldown: 'PT5M'
            }
          }
          {
            metricTrigger: {
              metricName: 'Percentage CPU'
              metricResourceUri: legacy.id
              operator: 'LessThan'
              threshold: 30
              statistic: 'Average'
              timeAggregation: 'Average'
              timeGrain: 'PT1M'
              timeWindow: 'PT5M'
            }
            scaleAction: {
              direction: 'Decrease'
              type: 'ChangeCount'
              value: '1'
              cooldown: 'PT10M'
            }
          }
        ]
      }
    ]
  }
}

resource thumbnailsPlan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${name}-thumbnails-plan'
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

resource thumbnails 'Microsoft.Web/sites@2024-04-01' = {
  name: '${name}-thumbnails-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${thumbnailsIdentityId}': {}
    }
  }
  properties: {
    serverFarmId: thumbnailsPlan.id
    httpsOnly: true
    keyVaultReferenceIdentity: thumbnailsIdentityId
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
          value: '${functionStoreBlob}${thumbnailsCodeName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: thumbnailsIdentityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: '22'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 512
        maximumInstanceCount: 100
      }
    }
  }
}

resource thumbnailsSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: thumbnails
  name: 'appsettings'
  properties: {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${thumbnailsIdentityClientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    AZURE_CLIENT_ID: thumbnailsIdentityClientId
    AzureWebJobsStorage__accountName: functionStoreName
    AzureWebJobsStorage__clientId: thumbnailsIdentityClientId
    AzureWebJobsStorage__credential: 'managedidentity'
    DATABASE_HOST: mainDatabaseFullyQualifiedDomainName
    DATABASE_NAME: 'shop'
    DATABASE_PASSWORD: '@Microsoft.KeyVault(SecretUri=${vaultVaultUri}secrets/azure-main-database-password)'
    DATABASE_PORT: '5432'
    DATABASE_USER: 'app'
    ORDERS_QUEUE_URL: '${messageBusServiceBusEndpoint}orders-queue'
  }
}

resource thumbnailsFtpPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: thumbnails
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource thumbnailsScmPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: thumbnails
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('defaultDomain of containers')
output containersDefaultDomain string = containers.properties.defaultDomain

@description('id of containers')
output containersId string = containers.id

@description('privateIPAddress of legacyBalancer')
output legacyBalancerPrivateIPAddress string = legacyBalancer.properties.frontendIPConfigurations[0].properties.privateIPAddress

@description('id of legacyLink')
output legacyLinkId string = legacyLink.id

@description('name of legacy')
output legacyName string = legacy.name

@description('defaultHostName of thumbnails')
output thumbnailsDefaultHostName string = thumbnails.properties.defaultHostName

@description('name of thumbnails')
output thumbnailsName string = thumbnails.name
