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
        }
      }
    ]
  }
}

resource containersSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  parent: network2
  name: 'containers'
}

@description('id of containersSubnet')
output containersSubnetId string = containersSubnet.id

@description('ipAddress of networkExitAddress')
output networkExitAddressIpAddress string = networkExitAddress.properties.ipAddress
