// Records in the zone of names, which is in a resource group of its own.

@description('validationToken of shopExampleComDomain, of traffic.bicep')
param shopExampleComDomainValidationToken string

@description('hostName of webCdn, of traffic.bicep')
param webCdnHostName string

@description('validationToken of wwwShopExampleComDomain, of traffic.bicep')
param wwwShopExampleComDomainValidationToken string

// There already, and of more than one app: nobody makes or removes it here.
resource zone 'Microsoft.Network/dnsZones@2018-05-01' existing = {
  name: 'example.com'
}

resource shopExampleComRecordProof 'Microsoft.Network/dnsZones/TXT@2018-05-01' = {
  parent: zone
  name: '_dnsauth.shop'
  properties: {
    TTL: 300
    TXTRecords: [
      {
        value: [
          shopExampleComDomainValidationToken
        ]
      }
    ]
  }
}

resource shopExampleComRecord 'Microsoft.Network/dnsZones/CNAME@2018-05-01' = {
  parent: zone
  name: 'shop'
  properties: {
    TTL: 300
    CNAMERecord: {
      cname: webCdnHostName
    }
  }
}

resource wwwShopExampleComRecordProof 'Microsoft.Network/dnsZones/TXT@2018-05-01' = {
  parent: zone
  name: '_dnsauth.www.shop'
  properties: {
    TTL: 300
    TXTRecords: [
      {
        value: [
          wwwShopExampleComDomainValidationToken
        ]
      }
    ]
  }
}

resource wwwShopExampleComRecord 'Microsoft.Network/dnsZones/CNAME@2018-05-01' = {
  parent: zone
  name: 'www.shop'
  properties: {
    TTL: 300
    CNAMERecord: {
      cname: webCdnHostName
    }
  }
}
