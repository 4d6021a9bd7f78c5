// What runs programs.

@description('Image of api with its digest; while there is none, nothing of it runs')
param apiImage string

@description('Shares of traffic of api, such as { revisionName: "api--42", weight: 10 }; the newest revision takes all when empty')
param apiTraffic array

@description('Where all of it is')
param location string

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

@description('id of containersSubnet, of network.bicep')
param containersSubnetId string

@description('loginServer of imageRegistry, of data.bicep')
param imageRegistryLoginServer string

@description('id of logWorkspace, of logs.bicep')
param logWorkspaceId string

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
              name: 'PORT'
              value: '8080'
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
        maxReplicas: 2
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

@description('defaultDomain of containers')
output containersDefaultDomain string = containers.properties.defaultDomain

@description('id of containers')
output containersId string = containers.id
