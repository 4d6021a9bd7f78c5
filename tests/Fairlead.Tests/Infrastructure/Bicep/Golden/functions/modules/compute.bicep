// What runs programs.

@description('Where all of it is')
param location string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

@description('blob of functionStore, of data.bicep')
param functionStoreBlob string

@description('name of functionStore, of data.bicep')
param functionStoreName string

@description('name of helloCode, of data.bicep')
param helloCodeName string

@description('clientId of helloIdentity, of access.bicep')
param helloIdentityClientId string

@description('id of helloIdentity, of access.bicep')
param helloIdentityId string

@description('ConnectionString of insights, of logs.bicep')
param insightsConnectionString string

@description('name of reportCode, of data.bicep')
param reportCodeName string

@description('clientId of reportIdentity, of access.bicep')
param reportIdentityClientId string

@description('id of reportIdentity, of access.bicep')
param reportIdentityId string

@description('vaultUri of vault, of data.bicep')
param vaultVaultUri string

resource helloPlan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${name}-hello-plan'
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

resource hello 'Microsoft.Web/sites@2024-04-01' = {
  name: '${name}-hello-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${helloIdentityId}': {}
    }
  }
  properties: {
    serverFarmId: helloPlan.id
    httpsOnly: true
    keyVaultReferenceIdentity: helloIdentityId
    publicNetworkAccess: 'Enabled'
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${functionStoreBlob}${helloCodeName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: helloIdentityId
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 512
        maximumInstanceCount: 100
      }
    }
  }
}

resource helloSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: hello
  name: 'appsettings'
  properties: {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${helloIdentityClientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    AZURE_CLIENT_ID: helloIdentityClientId
    AzureWebJobsStorage__accountName: functionStoreName
    AzureWebJobsStorage__clientId: helloIdentityClientId
    AzureWebJobsStorage__credential: 'managedidentity'
  }
}

resource helloFtpPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: hello
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource helloScmPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: hello
  name: 'scm'
  properties: {
    allow: false
  }
}

resource reportPlan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: '${name}-report-plan'
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

resource report 'Microsoft.Web/sites@2024-04-01' = {
  name: '${name}-report-${uniqueString(resourceGroup().id)}'
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${reportIdentityId}': {}
    }
  }
  properties: {
    serverFarmId: reportPlan.id
    httpsOnly: true
    keyVaultReferenceIdentity: reportIdentityId
    publicNetworkAccess: 'Disabled'
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${functionStoreBlob}${reportCodeName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: reportIdentityId
          }
        }
      }
      runtime: {
        name: 'java'
        version: '21'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: 100
      }
    }
  }
}

resource reportSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: report
  name: 'appsettings'
  properties: {
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${reportIdentityClientId};Authorization=AAD'
    APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
    AZURE_CLIENT_ID: reportIdentityClientId
    AzureWebJobsStorage__accountName: functionStoreName
    AzureWebJobsStorage__clientId: reportIdentityClientId
    AzureWebJobsStorage__credential: 'managedidentity'
    MAIL_KEY: '@Microsoft.KeyVault(SecretUri=${vaultVaultUri}secrets/mail-key)'
  }
}

resource reportFtpPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: report
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource reportScmPasswords 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: report
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('defaultHostName of hello')
output helloDefaultHostName string = hello.properties.defaultHostName

@description('name of hello')
output helloName string = hello.name

@description('defaultHostName of report')
output reportDefaultHostName string = report.properties.defaultHostName

@description('name of report')
output reportName string = report.name
