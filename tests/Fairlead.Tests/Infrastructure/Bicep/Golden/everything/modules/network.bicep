// The network, its subnets, the way out and who is let in where.

@description('Where all of it is')
param location string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

resource networkExitAddress 'Microsoft.Network/publicIPAddresses@2024-07-01' = {
  name: '${name}-exit-address'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  zones: [
    '1'
    '2'
  ]
  properties: {
    publicIPAllocationMethod: 'Static'
    publicIPAddressVersion: 'IPv4'
  }
}

resource networkExit 'Microsoft.Network/natGateways@2024-07-01' = {
  name: '${name}-exit'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIpAddresses: [
      {
        id: networkExitAddress.id
      }
    ]
  }
}

resource containersFirewall 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: '${name}-containers-firewall'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'inbound-itself-100'
        properties: {
          description: 'What stands in it talks among itself'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourceAddressPrefix: '10.0.0.0/23'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
      {
        name: 'inbound-probes-110'
        properties: {
          description: 'Azure looks whether the environment is well'
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'AzureLoadBalancer'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '30000-32767'
        }
      }
      {
        name: 'inbound-others-4096'
        properties: {
          description: 'What is not named is kept out'
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource functionsFirewall 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: '${name}-functions-firewall'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'inbound-itself-100'
        properties: {
          description: 'What stands in it talks among itself'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourceAddressPrefix: '10.0.4.0/24'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
      {
        name: 'inbound-others-4096'
        properties: {
          description: 'What is not named is kept out'
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource machinesFirewall 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: '${name}-machines-firewall'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'inbound-the-load-balancer-100'
        properties: {
          description: 'the load balancer'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.16.0/26'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '8080'
        }
      }
      {
        name: 'inbound-programs-that-use-each-other-110'
        properties: {
          description: 'programs that use each other'
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.0.0/23'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '8080'
        }
      }
      {
        name: 'inbound-programs-that-use-each-other-120'
        properties: {
          description: 'programs that use each other'
          priority: 120
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.4.0/24'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '8080'
        }
      }
      {
        name: 'inbound-programs-that-use-each-other-130'
        properties: {
          description: 'programs that use each other'
          priority: 130
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.8.0/22'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '8080'
        }
      }
      {
        name: 'inbound-others-4096'
        properties: {
          description: 'What is not named is kept out'
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource doorsFirewall 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: '${name}-doors-firewall'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'inbound-itself-100'
        properties: {
          description: 'What stands in it talks among itself'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourceAddressPrefix: '10.0.16.0/26'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
      {
        name: 'inbound-others-4096'
        properties: {
          description: 'What is not named is kept out'
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource postgresFirewall 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: '${name}-postgres-firewall'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'inbound-itself-100'
        properties: {
          description: 'What stands in it talks among itself'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: '*'
          sourceAddressPrefix: '10.0.17.0/26'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
      {
        name: 'inbound-the-app-s-programs-110'
        properties: {
          description: 'the app\'s programs'
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.0.0/23'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '5432'
        }
      }
      {
        name: 'inbound-the-app-s-programs-120'
        properties: {
          description: 'the app\'s programs'
          priority: 120
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.4.0/24'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '5432'
        }
      }
      {
        name: 'inbound-the-app-s-programs-130'
        properties: {
          description: 'the app\'s programs'
          priority: 130
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.8.0/22'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '5432'
        }
      }
      {
        name: 'inbound-others-4096'
        properties: {
          description: 'What is not named is kept out'
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource endpointsFirewall 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: '${name}-endpoints-firewall'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'inbound-files-100'
        properties: {
          description: 'Programs use files'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.0.0/23'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '443'
        }
      }
      {
        name: 'inbound-files-110'
        properties: {
          description: 'Programs use files'
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.4.0/24'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '443'
        }
      }
      {
        name: 'inbound-files-120'
        properties: {
          description: 'Programs use files'
          priority: 120
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.8.0/22'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '443'
        }
      }
      {
        name: 'inbound-the-app-s-programs-130'
        properties: {
          description: 'the app\'s programs'
          priority: 130
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.0.0/23'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '10000'
        }
      }
      {
        name: 'inbound-the-app-s-programs-140'
        properties: {
          description: 'the app\'s programs'
          priority: 140
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.4.0/24'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '10000'
        }
      }
      {
        name: 'inbound-the-app-s-programs-150'
        properties: {
          description: 'the app\'s programs'
          priority: 150
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '10.0.8.0/22'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '10000'
        }
      }
      {
        name: 'inbound-others-4096'
        properties: {
          description: 'What is not named is kept out'
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: 'VirtualNetwork'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network2 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: '${name}-network'
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
    subnets: [
      {
        name: 'containers'
        properties: {
          addressPrefix: '10.0.0.0/23'
          defaultOutboundAccess: false
          networkSecurityGroup: {
            id: containersFirewall.id
          }
          natGateway: {
            id: networkExit.id
          }
          delegations: [
            {
              name: 'only'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
          serviceEndpoints: [
            {
              service: 'Microsoft.KeyVault'
            }
          ]
        }
      }
      {
        name: 'functions'
        properties: {
          addressPrefix: '10.0.4.0/24'
          defaultOutboundAccess: false
          networkSecurityGroup: {
            id: functionsFirewall.id
          }
          natGateway: {
            id: networkExit.id
          }
          delegations: [
            {
              name: 'only'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
          serviceEndpoints: [
            {
              service: 'Microsoft.KeyVault'
            }
          ]
        }
      }
      {
        name: 'machines'
        properties: {
          addressPrefix: '10.0.8.0/22'
          defaultOutboundAccess: false
          networkSecurityGroup: {
            id: machinesFirewall.id
          }
          natGateway: {
            id: networkExit.id
          }
          serviceEndpoints: [
            {
              service: 'Microsoft.KeyVault'
            }
          ]
        }
      }
      {
        name: 'doors'
        properties: {
          addressPrefix: '10.0.16.0/26'
          defaultOutboundAccess: false
          networkSecurityGroup: {
            id: doorsFirewall.id
          }
          privateLinkServiceNetworkPolicies: 'Disabled'
        }
      }
      {
        name: 'postgres'
        properties: {
          addressPrefix: '10.0.17.0/26'
          defaultOutboundAccess: false
          networkSecurityGroup: {
            id: postgresFirewall.id
          }
          delegations: [
            {
              name: 'only'
              properties: {
                serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: '10.0.18.0/24'
          defaultOutboundAccess: false
          networkSecurityGroup: {
            id: endpointsFirewall.id
          }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }
}

resource containersSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  parent: network2
  name: 'containers'
}

resource functionsSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  parent: network2
  name: 'functions'
}

resource machinesSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  parent: network2
  name: 'machines'
}

resource doorsSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  parent: network2
  name: 'doors'
}

resource postgresSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  parent: network2
  name: 'postgres'
}

resource endpointsSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  parent: network2
  name: 'endpoints'
}

resource postgresNames 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: '${name}.private.postgres.database.azure.com'
  location: 'global'
  tags: tags
}

resource postgresNamesLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: postgresNames
  name: 'network'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network2.id
    }
  }
}

resource redisNames 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.redis.azure.net'
  location: 'global'
  tags: tags
}

resource redisNamesLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: redisNames
  name: 'network'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network2.id
    }
  }
}

resource blobNames 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: 'privatelink.blob.${environment().suffixes.storage}'
  location: 'global'
  tags: tags
}

resource blobNamesLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: blobNames
  name: 'network'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: network2.id
    }
  }
}

@description('id of blobNames')
output blobNamesId string = blobNames.id

@description('id of containersSubnet')
output containersSubnetId string = containersSubnet.id

@description('id of doorsSubnet')
output doorsSubnetId string = doorsSubnet.id

@description('id of endpointsSubnet')
output endpointsSubnetId string = endpointsSubnet.id

@description('id of functionsSubnet')
output functionsSubnetId string = functionsSubnet.id

@description('id of machinesSubnet')
output machinesSubnetId string = machinesSubnet.id

@description('ipAddress of networkExitAddress')
output networkExitAddressIpAddress string = networkExitAddress.properties.ipAddress

@description('id of postgresNames')
output postgresNamesId string = postgresNames.id

@description('id of postgresSubnet')
output postgresSubnetId string = postgresSubnet.id

@description('id of redisNames')
output redisNamesId string = redisNames.id
