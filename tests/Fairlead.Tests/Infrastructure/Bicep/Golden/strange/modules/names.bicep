// Records in the zone of names, which is in a resource group of its own.

@description('validationToken of aExampleComDomain, of traffic.bicep')
param aExampleComDomainValidationToken string

@description('validationToken of exampleComDomain, of traffic.bicep')
param exampleComDomainValidationToken string

@description('hostName of loadBalancer, of traffic.bicep')
param loadBalancerHostName string

@description('id of loadBalancer, of traffic.bicep')
param loadBalancerId string

// There already, and of more than one app: nobody makes or removes it here.
resource zone 'Microsoft.Network/dnsZones@2018-05-01' existing = {
  name: 'example.com'
}

resource exampleComRecordProof 'Microsoft.Network/dnsZones/TXT@2018-05-01' = {
  parent: zone
  name: '_dnsauth'
  properties: {
    TTL: 300
    TXTRecords: [
      {
        value: [
          exampleComDomainValidationToken
        ]
      }
    ]
  }
}

resource exampleComRecord 'Microsoft.Network/dnsZones/A@2018-05-01' = {
  parent: zone
  name: '@'
  properties: {
    TTL: 300
    targetResource: {
      id: loadBalancerId
    }
  }
}

resource exampleComRecordIpv6 'Microsoft.Network/dnsZones/AAAA@2018-05-01' = {
  parent: zone
  name: '@'
  properties: {
    TTL: 300
    targetResource: {
      id: loadBalancerId
    }
  }
}

resource aExampleComRecordProof 'Microsoft.Network/dnsZones/TXT@2018-05-01' = {
  parent: zone
  name: '_dnsauth.a'
  properties: {
    TTL: 300
    TXTRecords: [
      {
        value: [
          aExampleComDomainValidationToken
        ]
      }
    ]
  }
}

resource aExampleComRecord 'Microsoft.Network/dnsZones/CNAME@2018-05-01' = {
  parent: zone
  name: 'a'
  properties: {
    TTL: 300
    CNAMERecord: {
      cname: loadBalancerHostName
    }
  }
}
