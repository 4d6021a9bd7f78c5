// The network, its subnets, the way out and who is let in where.

@description('Where all of it is')
param location string

@description('Stands before names')
param name string

@description('Written on everything')
param tags object

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
      {
        name: 'outbound-microsoftcontainerregistry-443-100'
        properties: {
          description: 'Without it nothing of it runs'
          priority: 100
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'MicrosoftContainerRegistry'
          destinationPortRange: '443'
        }
      }
      {
        name: 'outbound-azurefrontdoor-firstparty-443-110'
        properties: {
          description: 'Without it nothing of it runs'
          priority: 110
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureFrontDoor.FirstParty'
          destinationPortRange: '443'
        }
      }
      {
        name: 'outbound-azurecontainerregistry-443-120'
        properties: {
          description: 'Without it nothing of it runs'
          priority: 120
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureContainerRegistry'
          destinationPortRange: '443'
        }
      }
      {
        name: 'outbound-azureactivedirectory-443-130'
        properties: {
          description: 'Without it nothing of it runs'
          priority: 130
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureActiveDirectory'
          destinationPortRange: '443'
        }
      }
      {
        name: 'outbound-azurekeyvault-443-140'
        properties: {
          description: 'Without it nothing of it runs'
          priority: 140
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureKeyVault'
          destinationPortRange: '443'
        }
      }
      {
        name: 'outbound-azuremonitor-443-150'
        properties: {
          description: 'Without it nothing of it runs'
          priority: 150
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureMonitor'
          destinationPortRange: '443'
        }
      }
      {
        name: 'outbound-storage-443-160'
        properties: {
          description: 'Without it nothing of it runs'
          priority: 160
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Storage'
          destinationPortRange: '443'
        }
      }
      {
        name: 'outbound-servicebus-443-170'
        properties: {
          description: 'Without it nothing of it runs'
          priority: 170
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'ServiceBus'
          destinationPortRange: '443'
        }
      }
      {
        name: 'outbound-servicebus-5671-180'
        properties: {
          description: 'Without it nothing of it runs'
          priority: 180
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'ServiceBus'
          destinationPortRange: '5671'
        }
      }
      {
        name: 'outbound-internet-4096'
        properties: {
          description: 'There is no way out'
          priority: 4096
          direction: 'Outbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: 'Internet'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource mysqlFirewall 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: '${name}-mysql-firewall'
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
          sourceAddressPrefix: '10.0.17.64/26'
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
          destinationPortRange: '3306'
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
        name: 'mysql'
        properties: {
          addressPrefix: '10.0.17.64/26'
          defaultOutboundAccess: false
          networkSecurityGroup: {
            id: mysqlFirewall.id
          }
          delegations: [
            {
              name: 'only'
              properties: {
                serviceName: 'Microsoft.DBforMySQL/flexibleServers'
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

resource mysqlSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  parent: network2
  name: 'mysql'
}

resource mysqlNames 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: '${name}.private.mysql.database.azure.com'
  location: 'global'
  tags: tags
}

resource mysqlNamesLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: mysqlNames
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

@description('id of containersSubnet')
output containersSubnetId string = containersSubnet.id

@description('id of mysqlNames')
output mysqlNamesId string = mysqlNames.id

@description('id of mysqlSubnet')
output mysqlSubnetId string = mysqlSubnet.id
