targetScope = 'resourceGroup'

metadata description = 'What environment needs of Azure in production'

@description('Where all of it is')
param location string = resourceGroup().location

@description('Stands before names')
param name string = 'environment-production'

@description('Written on everything')
param tags object = {
  app: 'environment'
  environment: 'production'
  'managed-by': 'fairlead'
}

@description('Addresses of people and pipelines that put secrets, such as { value: "203.0.113.7" }; with any, nobody else reaches the vault from outside')
param operatorAddresses array = []

@description('Resource group of the zone example.com, which is there already')
param zoneResourceGroup string = 'rg-dns'

@secure()
@description('Password of data-database: 16 letters or more, the same each time')
param dataDatabasePassword string

@secure()
@description('Password of vault-database: 16 letters or more, the same each time')
param vaultDatabasePassword string

@description('Shares of traffic of vault, such as { revisionName: "vault--42", weight: 10 }; the newest revision takes all when empty')
param vaultTraffic array = []

@description('Image of vault with its digest; while there is none, nothing of it runs')
param vaultImage string = ''

@description('Image of location with its digest; while there is none, nothing of it runs')
param locationImage string = ''

@description('Public key of SSH, which machines want to have; nobody reaches them from outside with it')
param machineKey string

@description('User of machines to whom that key belongs')
param machineUser string = 'azureuser'

@description('Image of a-service-that-nobody-types-twice-a-day with its digest; while there is none, nothing of it runs')
param aServiceThatNobodyTypesTwiceADayImage string = ''

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
    dataDatabasePassword: dataDatabasePassword
    location: location
    name: name
    operatorAddresses: operatorAddresses
    tags: tags
    vaultDatabasePassword: vaultDatabasePassword
    blobNamesId: network.outputs.blobNamesId
    containersSubnetId: network.outputs.containersSubnetId
    endpointsSubnetId: network.outputs.endpointsSubnetId
    functionsSubnetId: network.outputs.functionsSubnetId
    logWorkspaceId: logs.outputs.logWorkspaceId
    machinesSubnetId: network.outputs.machinesSubnetId
    mysqlNamesId: network.outputs.mysqlNamesId
    mysqlSubnetId: network.outputs.mysqlSubnetId
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
    aServiceThatNobodyTypesTwiceADayImage: aServiceThatNobodyTypesTwiceADayImage
    location: location
    locationImage: locationImage
    machineKey: machineKey
    machineUser: machineUser
    name: name
    tags: tags
    vaultImage: vaultImage
    vaultTraffic: vaultTraffic
    aServiceThatNobodyTypesTwiceADayIdentityClientId: access.outputs.aServiceThatNobodyTypesTwiceADayIdentityClientId
    aServiceThatNobodyTypesTwiceADayIdentityId: access.outputs.aServiceThatNobodyTypesTwiceADayIdentityId
    aServiceThatNobodyTypesTwiceADayStarterId: access.outputs.aServiceThatNobodyTypesTwiceADayStarterId
    anyCodeName: data.outputs.anyCodeName
    anyIdentityClientId: access.outputs.anyIdentityClientId
    anyIdentityId: access.outputs.anyIdentityId
    containersSubnetId: network.outputs.containersSubnetId
    dataDatabaseFullyQualifiedDomainName: data.outputs.dataDatabaseFullyQualifiedDomainName
    doorsSubnetId: network.outputs.doorsSubnetId
    frontDoorBucketBlob: data.outputs.frontDoorBucketBlob
    functionStoreBlob: data.outputs.functionStoreBlob
    functionStoreName: data.outputs.functionStoreName
    functionsSubnetId: network.outputs.functionsSubnetId
    imageRegistryLoginServer: data.outputs.imageRegistryLoginServer
    insightsConnectionString: logs.outputs.insightsConnectionString
    locationIdentityClientId: access.outputs.locationIdentityClientId
    locationIdentityId: access.outputs.locationIdentityId
    locationStarterId: access.outputs.locationStarterId
    logWorkspaceCacheHostName: data.outputs.logWorkspaceCacheHostName
    logWorkspaceId: logs.outputs.logWorkspaceId
    machinesSubnetId: network.outputs.machinesSubnetId
    messageBusBucketBlob: data.outputs.messageBusBucketBlob
    messageBusServiceBusEndpoint: data.outputs.messageBusServiceBusEndpoint
    namesCodeName: data.outputs.namesCodeName
    namesIdentityClientId: access.outputs.namesIdentityClientId
    namesIdentityId: access.outputs.namesIdentityId
    resourceGroupIdentityClientId: access.outputs.resourceGroupIdentityClientId
    resourceGroupIdentityId: access.outputs.resourceGroupIdentityId
    vaultDatabaseFullyQualifiedDomainName: data.outputs.vaultDatabaseFullyQualifiedDomainName
    vaultIdentityClientId: access.outputs.vaultIdentityClientId
    vaultIdentityId: access.outputs.vaultIdentityId
    vaultStarterId: access.outputs.vaultStarterId
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
    resourceGroupBalancerPrivateIPAddress: compute.outputs.resourceGroupBalancerPrivateIPAddress
    resourceGroupLinkId: compute.outputs.resourceGroupLinkId
  }
}

module names 'modules/names.bicep' = {
  scope: resourceGroup(zoneResourceGroup)
  params: {
    aExampleComDomainValidationToken: traffic.outputs.aExampleComDomainValidationToken
    exampleComDomainValidationToken: traffic.outputs.exampleComDomainValidationToken
    loadBalancerHostName: traffic.outputs.loadBalancerHostName
    loadBalancerId: traffic.outputs.loadBalancerId
  }
}

@description('Where a-service-that-nobody-types-twice-a-day answers in the network')
output aServiceThatNobodyTypesTwiceADayHost string = 'a-service-that-nobody-typ-36dabf.${compute.outputs.containersDefaultDomain}'

@description('Where a-service-that-nobody-types-twice-a-day-images are sent')
output aServiceThatNobodyTypesTwiceADayImagesRepository string = '${data.outputs.imageRegistryLoginServer}/a-service-that-nobody-types-twice-a-day-images'

@description('Function app any')
output any2Name string = compute.outputs.any2Name

@description('Address of any')
output any2Url string = 'https://${compute.outputs.any2DefaultHostName}'

@description('Where data-database answers')
output dataDatabaseHost string = data.outputs.dataDatabaseFullyQualifiedDomainName

@description('Where requests of programs come from')
output exitAddress string = network.outputs.networkExitAddressIpAddress

@description('Where files of front-door-bucket are')
output frontDoorBucketAddress string = '${data.outputs.frontDoorBucketBlob}front-door-bucket'

@description('Address of image-registry-queue')
output imageRegistryQueueAddress string = '${data.outputs.messageBusServiceBusEndpoint}image-registry-queue'

@description('Where load-balancer answers')
output loadBalancerUrl string = 'https://${traffic.outputs.loadBalancerHostName}'

@description('Where location answers in the network')
output location2Host string = 'location.${compute.outputs.containersDefaultDomain}'

@description('Where location-images are sent')
output locationImagesRepository string = '${data.outputs.imageRegistryLoginServer}/location-images'

@description('Where log-workspace-cache answers')
output logWorkspaceCacheHost string = data.outputs.logWorkspaceCacheHostName

@description('Where files of message-bus-bucket are')
output messageBusBucketAddress string = '${data.outputs.messageBusBucketBlob}message-bus-bucket'

@description('Function app names')
output names2Name string = compute.outputs.names2Name

@description('Address of names')
output names2Url string = 'https://${compute.outputs.names2DefaultHostName}'

@description('Machines of resource-group')
output resourceGroup2Name string = compute.outputs.resourceGroup2Name

@description('Where vault answers in the network')
output vault2Host string = 'vault.${compute.outputs.containersDefaultDomain}'

@description('Where vault-database answers')
output vaultDatabaseHost string = data.outputs.vaultDatabaseFullyQualifiedDomainName

@description('Where vault-images are sent')
output vaultImagesRepository string = '${data.outputs.imageRegistryLoginServer}/vault-images'

@description('Where secrets are put')
output vaultName string = data.outputs.vaultName
