targetScope = 'resourceGroup'

metadata description = 'What shop needs of Azure in production'

@description('Where all of it is')
param location string = resourceGroup().location

@description('Stands before names')
param name string = 'shop-production'

@description('Written on everything')
param tags object = {
  app: 'shop'
  environment: 'production'
  'managed-by': 'fairlead'
  team: 'shop'
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

@description('Image of worker with its digest; while there is none, nothing of it runs')
param workerImage string = ''

@description('Public key of SSH, which machines want to have; nobody reaches them from outside with it')
param machineKey string

@description('User of machines to whom that key belongs')
param machineUser string = 'azureuser'

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
    blobNamesId: network.outputs.blobNamesId
    containersSubnetId: network.outputs.containersSubnetId
    endpointsSubnetId: network.outputs.endpointsSubnetId
    functionsSubnetId: network.outputs.functionsSubnetId
    logWorkspaceId: logs.outputs.logWorkspaceId
    machinesSubnetId: network.outputs.machinesSubnetId
    postgresNamesId: network.outputs.postgresNamesId
    postgresSubnetId: network.outputs.postgresSubnetId
    redisNamesId: network.outputs.redisNamesId
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
    apiImage: apiImage
    apiTraffic: apiTraffic
    location: location
    machineKey: machineKey
    machineUser: machineUser
    name: name
    tags: tags
    workerImage: workerImage
    apiIdentityClientId: access.outputs.apiIdentityClientId
    apiIdentityId: access.outputs.apiIdentityId
    apiStarterId: access.outputs.apiStarterId
    cacheCacheHostName: data.outputs.cacheCacheHostName
    containersSubnetId: network.outputs.containersSubnetId
    doorsSubnetId: network.outputs.doorsSubnetId
    functionStoreBlob: data.outputs.functionStoreBlob
    functionStoreName: data.outputs.functionStoreName
    functionsSubnetId: network.outputs.functionsSubnetId
    imageRegistryLoginServer: data.outputs.imageRegistryLoginServer
    insightsConnectionString: logs.outputs.insightsConnectionString
    legacyIdentityClientId: access.outputs.legacyIdentityClientId
    legacyIdentityId: access.outputs.legacyIdentityId
    logWorkspaceId: logs.outputs.logWorkspaceId
    machinesSubnetId: network.outputs.machinesSubnetId
    mainDatabaseFullyQualifiedDomainName: data.outputs.mainDatabaseFullyQualifiedDomainName
    messageBusServiceBusEndpoint: data.outputs.messageBusServiceBusEndpoint
    thumbnailsCodeName: data.outputs.thumbnailsCodeName
    thumbnailsIdentityClientId: access.outputs.thumbnailsIdentityClientId
    thumbnailsIdentityId: access.outputs.thumbnailsIdentityId
    uploadsBucketBlob: data.outputs.uploadsBucketBlob
    vaultVaultUri: data.outputs.vaultVaultUri
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
    legacyBalancerPrivateIPAddress: compute.outputs.legacyBalancerPrivateIPAddress
    legacyLinkId: compute.outputs.legacyLinkId
    logWorkspaceId: logs.outputs.logWorkspaceId
    webFilesBlob: data.outputs.webFilesBlob
  }
}

module names 'modules/names.bicep' = {
  scope: resourceGroup(zoneResourceGroup)
  params: {
    shopExampleComDomainValidationToken: traffic.outputs.shopExampleComDomainValidationToken
    webCdnHostName: traffic.outputs.webCdnHostName
    wwwShopExampleComDomainValidationToken: traffic.outputs.wwwShopExampleComDomainValidationToken
  }
}

module watching 'modules/watching.bicep' = {
  params: {
    apiImage: apiImage
    name: name
    tags: tags
    workerImage: workerImage
    cacheCacheId: data.outputs.cacheCacheId
    frontDoorId: traffic.outputs.frontDoorId
    insightsId: logs.outputs.insightsId
    mainDatabaseId: data.outputs.mainDatabaseId
    messageBusId: data.outputs.messageBusId
    thumbnailsName: compute.outputs.thumbnailsName
  }
}

@description('Where api answers in the network')
output apiHost string = 'api.${compute.outputs.containersDefaultDomain}'

@description('Where api-images are sent')
output apiImagesRepository string = '${data.outputs.imageRegistryLoginServer}/api-images'

@description('Where cache-cache answers')
output cacheCacheHost string = data.outputs.cacheCacheHostName

@description('Where requests of programs come from')
output exitAddress string = network.outputs.networkExitAddressIpAddress

@description('Machines of legacy')
output legacyName string = compute.outputs.legacyName

@description('Where main-database answers')
output mainDatabaseHost string = data.outputs.mainDatabaseFullyQualifiedDomainName

@description('Address of orders-queue')
output ordersQueueAddress string = '${data.outputs.messageBusServiceBusEndpoint}orders-queue'

@description('Function app thumbnails')
output thumbnailsName string = compute.outputs.thumbnailsName

@description('Address of thumbnails')
output thumbnailsUrl string = 'https://${compute.outputs.thumbnailsDefaultHostName}'

@description('Where files of uploads-bucket are')
output uploadsBucketAddress string = '${data.outputs.uploadsBucketBlob}uploads-bucket'

@description('Where secrets are put')
output vaultName string = data.outputs.vaultName

@description('Where web-cdn answers')
output webCdnUrl string = 'https://${traffic.outputs.webCdnHostName}'

@description('Where files of web-files are')
output webFilesAddress string = '${data.outputs.webFilesBlob}web-files'

@description('Where worker answers in the network')
output workerHost string = 'worker.${compute.outputs.containersDefaultDomain}'

@description('Where worker-images are sent')
output workerImagesRepository string = '${data.outputs.imageRegistryLoginServer}/worker-images'
