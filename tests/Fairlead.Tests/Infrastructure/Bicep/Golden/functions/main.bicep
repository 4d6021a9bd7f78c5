targetScope = 'resourceGroup'

metadata description = 'What hooks needs of Azure in production'

@description('Where all of it is')
param location string = resourceGroup().location

@description('Stands before names')
param name string = 'hooks-production'

@description('Written on everything')
param tags object = {
  app: 'hooks'
  environment: 'production'
  'managed-by': 'fairlead'
}

@description('Addresses of people and pipelines that put secrets, such as { value: "203.0.113.7" }; with any, nobody else reaches the vault from outside')
param operatorAddresses array = []

@description('Object id of whoever deploys: may put secrets, images and files where they belong; nobody when empty')
param deployerPrincipalId string = ''

module logs 'modules/logs.bicep' = {
  params: {
    location: location
    name: name
    tags: tags
  }
}

module data 'modules/data.bicep' = {
  params: {
    location: location
    operatorAddresses: operatorAddresses
    tags: tags
    logWorkspaceId: logs.outputs.logWorkspaceId
  }
}

module access 'modules/access.bicep' = {
  params: {
    deployerPrincipalId: deployerPrincipalId
    location: location
    name: name
    tags: tags
  }
  dependsOn: [
    data
    logs
  ]
}

module compute 'modules/compute.bicep' = {
  params: {
    location: location
    name: name
    tags: tags
    functionStoreBlob: data.outputs.functionStoreBlob
    functionStoreName: data.outputs.functionStoreName
    helloCodeName: data.outputs.helloCodeName
    helloIdentityClientId: access.outputs.helloIdentityClientId
    helloIdentityId: access.outputs.helloIdentityId
    insightsConnectionString: logs.outputs.insightsConnectionString
    reportCodeName: data.outputs.reportCodeName
    reportIdentityClientId: access.outputs.reportIdentityClientId
    reportIdentityId: access.outputs.reportIdentityId
    vaultVaultUri: data.outputs.vaultVaultUri
  }
}

@description('Function app hello')
output helloName string = compute.outputs.helloName

@description('Address of hello')
output helloUrl string = 'https://${compute.outputs.helloDefaultHostName}'

@description('Function app report')
output reportName string = compute.outputs.reportName

@description('Address of report')
output reportUrl string = 'https://${compute.outputs.reportDefaultHostName}'

@description('Where secrets are put')
output vaultName string = data.outputs.vaultName
