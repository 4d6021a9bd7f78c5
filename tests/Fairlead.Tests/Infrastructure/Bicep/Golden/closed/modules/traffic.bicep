// Front Door: who leads visitors where.

@description('Where all of it is')
param location string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

@description('defaultDomain of containers, of compute.bicep')
param containersDefaultDomain string

@description('id of containers, of compute.bicep')
param containersId string

@description('id of logWorkspace, of logs.bicep')
param logWorkspaceId string

resource frontDoor 'Microsoft.Cdn/profiles@2025-06-01' = {
  name: '${name}-front-door'
  location: 'global'
  tags: tags
  sku: {
    name: 'Premium_AzureFrontDoor'
  }
  properties: {
    originResponseTimeoutSeconds: 60
  }
}

resource frontDoorLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: frontDoor
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

resource frontDoorLock 'Microsoft.Authorization/locks@2020-05-01' = {
  scope: frontDoor
  name: 'protected'
  properties: {
    level: 'CanNotDelete'
    notes: 'Take this away first: then it can be removed.'
  }
}

resource loadBalancerApiOrigins 'Microsoft.Cdn/profiles/originGroups@2025-06-01' = {
  parent: frontDoor
  name: 'api'
  properties: {
    sessionAffinityState: 'Disabled'
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
      additionalLatencyInMilliseconds: 50
    }
    healthProbeSettings: {
      probePath: '/healthz'
      probeProtocol: 'Https'
      probeRequestType: 'GET'
      probeIntervalInSeconds: 30
    }
  }
}

resource loadBalancerApiOrigin 'Microsoft.Cdn/profiles/originGroups/origins@2025-06-01' = {
  parent: loadBalancerApiOrigins
  name: 'api'
  properties: {
    hostName: 'api.${containersDefaultDomain}'
    originHostHeader: 'api.${containersDefaultDomain}'
    priority: 1
    weight: 1000
    enabledState: 'Enabled'
    enforceCertificateNameCheck: true
    sharedPrivateLinkResource: {
      privateLink: {
        id: containersId
      }
      groupId: 'managedEnvironments'
      privateLinkLocation: location
      requestMessage: 'Front Door of this app'
    }
  }
}

resource loadBalancer 'Microsoft.Cdn/profiles/afdEndpoints@2025-06-01' = {
  parent: frontDoor
  name: '${name}-load-balancer'
  location: 'global'
  tags: tags
  properties: {
    enabledState: 'Enabled'
  }
}

resource intakeExampleComDomain 'Microsoft.Cdn/profiles/customDomains@2025-06-01' = {
  parent: frontDoor
  name: 'intake-example-com'
  properties: {
    hostName: 'intake.example.com'
    tlsSettings: {
      certificateType: 'ManagedCertificate'
      minimumTlsVersion: 'TLS12'
    }
  }
}

resource loadBalancerApiRoute 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-06-01' = {
  parent: loadBalancer
  name: 'api'
  properties: {
    customDomains: [
      {
        id: intakeExampleComDomain.id
      }
    ]
    originGroup: {
      id: loadBalancerApiOrigins.id
    }
    supportedProtocols: [
      'Http'
      'Https'
    ]
    patternsToMatch: [
      '/*'
    ]
    forwardingProtocol: 'HttpsOnly'
    httpsRedirect: 'Enabled'
    linkToDefaultDomain: 'Enabled'
    enabledState: 'Enabled'
  }
  dependsOn: [
    loadBalancerApiOrigin
  ]
}

@description('validationToken of intakeExampleComDomain')
output intakeExampleComDomainValidationToken string = intakeExampleComDomain.properties.validationProperties.validationToken

@description('hostName of loadBalancer')
output loadBalancerHostName string = loadBalancer.properties.hostName
