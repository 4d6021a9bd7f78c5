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

@description('id of frontDoorIdentity, of access.bicep')
param frontDoorIdentityId string

@description('id of logWorkspace, of logs.bicep')
param logWorkspaceId string

@description('blob of webFiles, of data.bicep')
param webFilesBlob string

resource frontDoor 'Microsoft.Cdn/profiles@2025-06-01' = {
  name: '${name}-front-door'
  location: 'global'
  tags: tags
  sku: {
    name: 'Premium_AzureFrontDoor'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${frontDoorIdentityId}': {}
    }
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

resource webCdn 'Microsoft.Cdn/profiles/afdEndpoints@2025-06-01' = {
  parent: frontDoor
  name: '${name}-web-cdn'
  location: 'global'
  tags: tags
  properties: {
    enabledState: 'Enabled'
  }
}

resource webCdnFiles 'Microsoft.Cdn/profiles/originGroups@2025-06-01' = {
  parent: frontDoor
  name: 'web-cdn'
  properties: {
    authentication: {
      type: 'UserAssignedIdentity'
      scope: 'https://storage.azure.com/.default'
      userAssignedIdentity: {
        id: frontDoorIdentityId
      }
    }
    sessionAffinityState: 'Disabled'
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
      additionalLatencyInMilliseconds: 50
    }
  }
}

resource webCdnFilesOrigin 'Microsoft.Cdn/profiles/originGroups/origins@2025-06-01' = {
  parent: webCdnFiles
  name: 'files'
  properties: {
    hostName: replace(replace(webFilesBlob, 'https://', ''), '/', '')
    originHostHeader: replace(replace(webFilesBlob, 'https://', ''), '/', '')
    priority: 1
    weight: 1000
    enabledState: 'Enabled'
    enforceCertificateNameCheck: true
  }
}

resource webCdnRules 'Microsoft.Cdn/profiles/ruleSets@2025-06-01' = {
  parent: frontDoor
  name: 'webcdn'
}

resource webCdnHeadersRule 'Microsoft.Cdn/profiles/ruleSets/rules@2025-06-01' = {
  parent: webCdnRules
  name: 'headers'
  properties: {
    order: 1
    matchProcessingBehavior: 'Continue'
    conditions: []
    actions: [
      {
        name: 'ModifyResponseHeader'
        parameters: {
          typeName: 'DeliveryRuleHeaderActionParameters'
          headerAction: 'Overwrite'
          headerName: 'Strict-Transport-Security'
          value: 'max-age=31536000'
        }
      }
      {
        name: 'ModifyResponseHeader'
        parameters: {
          typeName: 'DeliveryRuleHeaderActionParameters'
          headerAction: 'Overwrite'
          headerName: 'X-Content-Type-Options'
          value: 'nosniff'
        }
      }
      {
        name: 'ModifyResponseHeader'
        parameters: {
          typeName: 'DeliveryRuleHeaderActionParameters'
          headerAction: 'Overwrite'
          headerName: 'X-Frame-Options'
          value: 'SAMEORIGIN'
        }
      }
      {
        name: 'ModifyResponseHeader'
        parameters: {
          typeName: 'DeliveryRuleHeaderActionParameters'
          headerAction: 'Overwrite'
          headerName: 'Referrer-Policy'
          value: 'strict-origin-when-cross-origin'
        }
      }
    ]
  }
}

resource webCdnPageRule 'Microsoft.Cdn/profiles/ruleSets/rules@2025-06-01' = {
  parent: webCdnRules
  name: 'page'
  properties: {
    order: 2
    matchProcessingBehavior: 'Stop'
    conditions: [
      {
        name: 'UrlFileExtension'
        parameters: {
          typeName: 'DeliveryRuleUrlFileExtensionMatchConditionParameters'
          operator: 'Any'
          negateCondition: true
          matchValues: []
        }
      }
    ]
    actions: [
      {
        name: 'UrlRewrite'
        parameters: {
          typeName: 'DeliveryRuleUrlRewriteActionParameters'
          sourcePattern: '/'
          destination: '/index.html'
          preserveUnmatchedPath: false
        }
      }
    ]
  }
}

resource webCdnFilesRoute 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-06-01' = {
  parent: webCdn
  name: 'files'
  properties: {
    originGroup: {
      id: webCdnFiles.id
    }
    originPath: '/web-files'
    ruleSets: [
      {
        id: webCdnRules.id
      }
    ]
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
    cacheConfiguration: {
      queryStringCachingBehavior: 'IgnoreQueryString'
      compressionSettings: {
        isCompressionEnabled: true
        contentTypesToCompress: [
          'application/javascript'
          'application/json'
          'application/manifest+json'
          'application/xml'
          'image/svg+xml'
          'text/css'
          'text/html'
          'text/javascript'
          'text/plain'
          'text/xml'
        ]
      }
    }
  }
  dependsOn: [
    webCdnFilesOrigin
  ]
}

resource webCdnApiRoute 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-06-01' = {
  parent: webCdn
  name: 'api'
  properties: {
    originGroup: {
      id: loadBalancerApiOrigins.id
    }
    supportedProtocols: [
      'Http'
      'Https'
    ]
    patternsToMatch: [
      '/api'
      '/api/*'
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

@description('hostName of webCdn')
output webCdnHostName string = webCdn.properties.hostName
