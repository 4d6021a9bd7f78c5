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

@description('privateIPAddress of resourceGroupBalancer, of compute.bicep')
param resourceGroupBalancerPrivateIPAddress string

@description('id of resourceGroupLink, of compute.bicep')
param resourceGroupLinkId string

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

resource loadBalancerVaultOrigins 'Microsoft.Cdn/profiles/originGroups@2025-06-01' = {
  parent: frontDoor
  name: 'vault'
  properties: {
    sessionAffinityState: 'Disabled'
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
      additionalLatencyInMilliseconds: 50
    }
    healthProbeSettings: {
      probePath: '/'
      probeProtocol: 'Https'
      probeRequestType: 'GET'
      probeIntervalInSeconds: 30
    }
  }
}

resource loadBalancerVaultOrigin 'Microsoft.Cdn/profiles/originGroups/origins@2025-06-01' = {
  parent: loadBalancerVaultOrigins
  name: 'vault'
  properties: {
    hostName: 'vault.${containersDefaultDomain}'
    originHostHeader: 'vault.${containersDefaultDomain}'
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

resource loadBalancerResourceGroupOrigins 'Microsoft.Cdn/profiles/originGroups@2025-06-01' = {
  parent: frontDoor
  name: 'resource-group'
  properties: {
    sessionAffinityState: 'Disabled'
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
      additionalLatencyInMilliseconds: 50
    }
    healthProbeSettings: {
      probePath: '/'
      probeProtocol: 'Http'
      probeRequestType: 'GET'
      probeIntervalInSeconds: 30
    }
  }
}

resource loadBalancerResourceGroupOrigin 'Microsoft.Cdn/profiles/originGroups/origins@2025-06-01' = {
  parent: loadBalancerResourceGroupOrigins
  name: 'resource-group'
  properties: {
    hostName: resourceGroupBalancerPrivateIPAddress
    httpPort: 8080
    priority: 1
    weight: 1000
    enabledState: 'Enabled'
    enforceCertificateNameCheck: true
    sharedPrivateLinkResource: {
      privateLink: {
        id: resourceGroupLinkId
      }
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

resource exampleComDomain 'Microsoft.Cdn/profiles/customDomains@2025-06-01' = {
  parent: frontDoor
  name: 'example-com'
  properties: {
    hostName: 'example.com'
    tlsSettings: {
      certificateType: 'ManagedCertificate'
      minimumTlsVersion: 'TLS12'
    }
  }
}

resource aExampleComDomain 'Microsoft.Cdn/profiles/customDomains@2025-06-01' = {
  parent: frontDoor
  name: 'a-example-com'
  properties: {
    hostName: 'a.example.com'
    tlsSettings: {
      certificateType: 'ManagedCertificate'
      minimumTlsVersion: 'TLS12'
    }
  }
}

resource loadBalancerVaultRoute 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-06-01' = {
  parent: loadBalancer
  name: 'vault'
  properties: {
    customDomains: [
      {
        id: exampleComDomain.id
      }
      {
        id: aExampleComDomain.id
      }
    ]
    originGroup: {
      id: loadBalancerVaultOrigins.id
    }
    supportedProtocols: [
      'Http'
      'Https'
    ]
    patternsToMatch: [
      '/vault'
      '/vault/*'
    ]
    forwardingProtocol: 'HttpsOnly'
    httpsRedirect: 'Enabled'
    linkToDefaultDomain: 'Enabled'
    enabledState: 'Enabled'
  }
  dependsOn: [
    loadBalancerVaultOrigin
  ]
}

resource loadBalancerResourceGroupRoute 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-06-01' = {
  parent: loadBalancer
  name: 'resource-group'
  properties: {
    customDomains: [
      {
        id: exampleComDomain.id
      }
      {
        id: aExampleComDomain.id
      }
    ]
    originGroup: {
      id: loadBalancerResourceGroupOrigins.id
    }
    supportedProtocols: [
      'Http'
      'Https'
    ]
    patternsToMatch: [
      '/*'
    ]
    forwardingProtocol: 'HttpOnly'
    httpsRedirect: 'Enabled'
    linkToDefaultDomain: 'Enabled'
    enabledState: 'Enabled'
  }
  dependsOn: [
    loadBalancerResourceGroupOrigin
  ]
}

@description('validationToken of aExampleComDomain')
output aExampleComDomainValidationToken string = aExampleComDomain.properties.validationProperties.validationToken

@description('validationToken of exampleComDomain')
output exampleComDomainValidationToken string = exampleComDomain.properties.validationProperties.validationToken

@description('hostName of loadBalancer')
output loadBalancerHostName string = loadBalancer.properties.hostName

@description('id of loadBalancer')
output loadBalancerId string = loadBalancer.id
