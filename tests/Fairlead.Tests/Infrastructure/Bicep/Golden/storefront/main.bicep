targetScope = 'resourceGroup'

metadata description = 'What storefront needs of Azure in production'

@description('Where all of it is')
param location string = resourceGroup().location

@description('Stands before names')
param name string = 'storefront-production'

@description('Written on everything')
param tags object = {
  app: 'storefront'
  environment: 'production'
  'managed-by': 'fairlead'
}

@description('Shares of traffic of api, such as { revisionName: "api--42", weight: 10 }; the newest revision takes all when empty')
param apiTraffic array = []

@description('Image of api with its digest; while there is none, nothing of it runs')
param apiImage string = ''

@description('Image of worker with its digest; while there is none, nothing of it runs')
param workerImage string = ''

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
    tags: tags
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
    workerImage: workerImage
    apiIdentityClientId: access.outputs.apiIdentityClientId
    apiIdentityId: access.outputs.apiIdentityId
    apiStarterId: access.outputs.apiStarterId
    containersSubnetId: network.outputs.containersSubnetId
    imageRegistryLoginServer: data.outputs.imageRegistryLoginServer
    logWorkspaceId: logs.outputs.logWorkspaceId
    workerIdentityClientId: access.outputs.workerIdentityClientId
    workerIdentityId: access.outputs.workerIdentityId
    workerStarterId: access.outputs.workerStarterId
  }
}

module traffic 'modules/traffic.bicep' = {
  params: {
    location: location
    name: name
    tags: tags
    containersDefaultDomain: compute.outputs.containersDefaultDomain
    containersId: compute.outputs.containersId
    frontDoorIdentityId: access.outputs.frontDoorIdentityId
    logWorkspaceId: logs.outputs.logWorkspaceId
    webFilesBlob: data.outputs.webFilesBlob
  }
}

@description('Where api answers in the network')
output apiHost string = 'api.${compute.outputs.containersDefaultDomain}'

@description('Where api-images are sent')
output apiImagesRepository string = '${data.outputs.imageRegistryLoginServer}/api-images'

@description('Where requests of programs come from')
output exitAddress string = network.outputs.networkExitAddressIpAddress

@description('Where web-cdn answers')
output webCdnUrl string = 'https://${traffic.outputs.webCdnHostName}'

@description('Where files of web-files are')
output webFilesAddress string = '${data.outputs.webFilesBlob}web-files'

@description('Where worker answers in the network')
output workerHost string = 'worker.${compute.outputs.containersDefaultDomain}'

@description('Where worker-images are sent')
output workerImagesRepository string = '${data.outputs.imageRegistryLoginServer}/worker-images'
