targetScope = 'resourceGroup'

metadata description = 'What intake needs of Azure in production'

@description('Where all of it is')
param location string = resourceGroup().location

@description('Stands before names')
param name string = 'intake-production'

@description('Written on everything')
param tags object = {
  app: 'intake'
  environment: 'production'
  'managed-by': 'fairlead'
}

@description('Addresses of people and pipelines that put secrets, such as { value: "203.0.113.7" }; with any, nobody else reaches the vault from outside')
param operatorAddresses array = []

@description('Resource group of the zone example.com, which is there already')
param zoneResourceGroup string = 'rg-dns'

@secure()
@description('Password of main-database: 16 letters or more, the same each time')
param mainDatabasePassword string

@description('Shares of traffic of api, such as { revisionName: "api--42", weight: 10 }; the newest revision takes all when empty')
param apiTraffic array = []

@description('Image of api with its digest; while there is none, nothing of it runs')
param apiImage string = ''

@description('Object id of whoever deploys: may put secrets, images and files where they belong; nobody when empty')
param deployerPrincipalId string = ''

module network 'modules/network.bicep' = {
  params: {
    location: location
    name: name
    tags: tags
  }
}

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
    mainDatabasePassword: mainDatabasePassword
    name: name
    operatorAddresses: operatorAddresses
    tags: tags
    containersSubnetId: network.outputs.containersSubnetId
    logWorkspaceId: logs.outputs.logWorkspaceId
    mysqlNamesId: network.outputs.mysqlNamesId
    mysqlSubnetId: network.outputs.mysqlSubnetId
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
  ]
}

module compute 'modules/compute.bicep' = {
  params: {
    apiImage: apiImage
    apiTraffic: apiTraffic
    location: location
    name: name
    tags: tags
    apiIdentityClientId: access.outputs.apiIdentityClientId
    apiIdentityId: access.outputs.apiIdentityId
    apiStarterId: access.outputs.apiStarterId
    containersSubnetId: network.outputs.containersSubnetId
    imageRegistryLoginServer: data.outputs.imageRegistryLoginServer
    logWorkspaceId: logs.outputs.logWorkspaceId
    mainDatabaseFullyQualifiedDomainName: data.outputs.mainDatabaseFullyQualifiedDomainName
    vaultVaultUri: data.outputs.vaultVaultUri
  }
}

module traffic 'modules/traffic.bicep' = {
  params: {
    location: location
    name: name
    tags: tags
    containersDefaultDomain: compute.outputs.containersDefaultDomain
    containersId: compute.outputs.containersId
    logWorkspaceId: logs.outputs.logWorkspaceId
  }
}

module names 'modules/names.bicep' = {
  scope: resourceGroup(zoneResourceGroup)
  params: {
    intakeExampleComDomainValidationToken: traffic.outputs.intakeExampleComDomainValidationToken
    loadBalancerHostName: traffic.outputs.loadBalancerHostName
  }
}

@description('Where api answers in the network')
output apiHost string = 'api.${compute.outputs.containersDefaultDomain}'

@description('Where api-images are sent')
output apiImagesRepository string = '${data.outputs.imageRegistryLoginServer}/api-images'

@description('Where load-balancer answers')
output loadBalancerUrl string = 'https://${traffic.outputs.loadBalancerHostName}'

@description('Where main-database answers')
output mainDatabaseHost string = data.outputs.mainDatabaseFullyQualifiedDomainName

@description('Where secrets are put')
output vaultName string = data.outputs.vaultName
